package dev.limpet.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page lists all meters, and no others. */
class MonitoringDocumentTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "monitoring.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(limpet\\.[a-z.]+)`");

  @Test
  void theTableOfMeters_isComplete() throws IOException {
    List<String> listed = ROW.matcher(Files.readString(PAGE))
        .results()
        .map(MatchResult::group)
        .map(row -> row.substring(row.indexOf('`') + 1, row.length() - 1))
        .toList();

    assertThat(listed).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(listed))
        .isEqualTo(Arrays.stream(LimpetMeter.values())
            .map(LimpetMeter::id)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
