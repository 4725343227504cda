package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page has a section for each reason, and no other. */
class ReasonsDocumentTest {
  @Test
  void everyReason_hasASection() {
    assertThat(MarkdownFile.read(Path.of("docs", "reasons.md")).text())
        .filteredOn(line -> line.startsWith("### "))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(reason -> "### `" + reason + "`").toList());
  }
}
