package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownFileTest {

  @Test
  void all_hasTheDocumentsAndNoFixtures() {
    assertThat(MarkdownFile.all())
        .extracting(MarkdownFile::path)
        .contains(Path.of("README.md"), Path.of("docs", "README.md"))
        .noneMatch(path -> path.startsWith("benchmarks"));
  }

  @Test
  void isDocument_isFalseForWhatABuildMakesOrFetches() {
    assertThat(MarkdownFile.isDocument(Path.of("docs", "cookies.md"))).isTrue();
    assertThat(MarkdownFile.isDocument(Path.of("site", "node_modules", "vue", "README.md")))
        .isFalse();
    assertThat(MarkdownFile.isDocument(Path.of("core", "target", "report.md"))).isFalse();
  }

  @Test
  void javaBlocks_areTheLinesBetweenFences() {
    MarkdownFile document = MarkdownFile.of(
        "Text",
        "```java",
        "a();",
        "",
        "  b();",
        "```",
        "```sh",
        "c",
        "```",
        "  ```java",
        "  d();",
        "  ```");

    assertThat(document.javaBlocks()).containsExactly(List.of("a();", "b();"), List.of("d();"));
  }

  @Test
  void javaBlocks_mustEnd() {
    MarkdownFile document = MarkdownFile.of("```java", "a();");

    assertThatThrownBy(document::javaBlocks).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void prose_isOutsideFencesAndTables() {
    MarkdownFile document = MarkdownFile.of("# A", "", "```sh", "b", "```", "| c |", "|---|", "d");

    assertThat(document.prose()).containsExactly("# A", "", "d");
  }

  @Test
  void words_areOutsideFencesAndTargets() {
    MarkdownFile document = MarkdownFile.of(
        "## One two",
        "| three | 4 |",
        "|---|---|",
        "[five](a b c) – six",
        "```sh",
        "no word",
        "```");

    assertThat(document.words()).isEqualTo(6);
  }

  @Test
  void links_areOutsideCodeAndMayHaveATextOfSeveralLines() {
    MarkdownFile document =
        MarkdownFile.of("[a", "b](c.md#d) `[e](f)` ![g](h.svg)", "```sh", "[i](j)", "```");

    assertThat(document.links()).containsExactly("c.md#d", "h.svg");
  }

  @Test
  void anchors_areThoseOfTheHeadings() {
    MarkdownFile document = MarkdownFile.of(
        "# What `route` does, and why", "## A [b](c.md)-d", "## Twice", "## Twice", "# é");

    assertThat(document.anchors())
        .containsExactlyInAnyOrder("what-route-does-and-why", "a-b-d", "twice", "twice-1", "é");
  }
}
