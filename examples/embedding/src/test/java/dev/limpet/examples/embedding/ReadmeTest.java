package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The README's examples are parts of sources that compile. */
class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path SOURCES = Path.of("src", "main", "java");

  @Test
  void readme_hasExamples() throws IOException {
    assertThat(javaBlocks(Files.readAllLines(README))).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> readme_showsWhatCompiles() throws IOException {
    List<List<String>> sources = sources();
    return javaBlocks(Files.readAllLines(README)).stream()
        .map(block -> dynamicTest(
            block.isEmpty() ? "(empty)" : block.get(0),
            () -> assertThat(isPartOfOne(sources, block))
                .as("lines of README.md in this order in one source of %s: %s", SOURCES, block)
                .isTrue()));
  }

  @Test
  void javaBlocks_areTheLinesBetweenFences() {
    List<String> readme = List.of(
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

    assertThat(javaBlocks(readme)).containsExactly(List.of("a();", "b();"), List.of("d();"));
  }

  @Test
  void javaBlocks_ofATextWithoutAnyAreNone() {
    assertThat(javaBlocks(List.of("Text", "```sh", "a();", "```"))).isEmpty();
  }

  @Test
  void javaBlocks_mustEnd() {
    assertThatThrownBy(() -> javaBlocks(List.of("```java", "a();")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void block_isPartOfASourceThatHasItsLinesInOneRow() {
    List<List<String>> sources = List.of(List.of("z"), List.of("a", "b", "c", "d"));

    assertThat(isPartOfOne(sources, List.of("b", "c"))).isTrue();
    assertThat(isPartOfOne(sources, List.of("b", "d"))).isFalse();
    assertThat(isPartOfOne(sources, List.of("c", "b"))).isFalse();
    assertThat(isPartOfOne(sources, List.of("z", "a"))).isFalse();
    assertThat(isPartOfOne(sources, List.of("d", "e"))).isFalse();
    assertThat(isPartOfOne(sources, List.of())).isFalse();
  }

  /** Returns the lines of each Java example, without indentation and empty lines. */
  private static List<List<String>> javaBlocks(List<String> text) {
    List<List<String>> blocks = new ArrayList<>();
    List<String> fenced = new ArrayList<>();
    String fence = "";
    for (String line : text) {
      String stripped = line.strip();
      if (!stripped.startsWith("```")) {
        fenced.add(stripped);
      } else if (fence.isEmpty()) {
        fence = stripped;
        fenced.clear();
      } else {
        if (fence.equals("```java")) {
          blocks.add(withoutEmpty(fenced));
        }
        fence = "";
      }
    }
    assertThat(fence).as("fence that does not end").isEmpty();
    return blocks;
  }

  private static boolean isPartOfOne(List<List<String>> sources, List<String> block) {
    return !block.isEmpty()
        && sources.stream().anyMatch(source -> Collections.indexOfSubList(source, block) >= 0);
  }

  private static List<List<String>> sources() throws IOException {
    List<List<String>> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.add(withoutEmpty(Files.readAllLines(file)));
      }
    }
    return sources;
  }

  private static List<String> withoutEmpty(List<String> lines) {
    return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
