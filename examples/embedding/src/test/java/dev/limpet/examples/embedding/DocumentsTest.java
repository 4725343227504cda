package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
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

/** The documents are short, their links resolve and their examples compile. */
class DocumentsTest {
  private static final int MAX_WORDS_OF_README = 600;
  private static final int MAX_COLUMNS = 120;
  private static final Path EXAMPLES = Path.of("..");

  @Test
  void readme_hasAnExampleAndFewWords() {
    MarkdownFile readme = MarkdownFile.read(Path.of("README.md"));

    assertThat(readme.javaBlocks()).hasSize(1);
    assertThat(readme.words()).isLessThanOrEqualTo(MAX_WORDS_OF_README);
  }

  @TestFactory
  Stream<DynamicTest> proseLines_areNotTooLong() {
    return forEach(document -> assertThat(document.prose())
        .filteredOn(line -> line.length() > MAX_COLUMNS)
        .isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> links_resolve() {
    return forEach(document -> assertThat(brokenLinks(document)).isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> javaBlocks_arePartsOfSourcesThatCompile() throws IOException {
    List<List<String>> sources = sources();
    return forEach(document -> assertThat(document.javaBlocks())
        .filteredOn(block -> !isPartOfOne(sources, block))
        .isEmpty());
  }

  @Test
  void indexes_linkToEveryPage() {
    assertThat(pagesWithoutALink(Path.of("docs"))).isEmpty();
    assertThat(pagesWithoutALink(Path.of("docs", "internals"))).isEmpty();
  }

  @Test
  void linksThatDoNotResolve_areFound() {
    MarkdownFile document = new MarkdownFile(
        Path.of("docs", "some.md"),
        List.of(
            "[a](../README.md#features) [b](https://example.org/) [c](#here)",
            "[d](../README.md#no-features) [e](README) [f](#there) [g](../../outside)",
            "# Here"));

    assertThat(brokenLinks(document))
        .containsExactly("../README.md#no-features", "README", "#there", "../../outside");
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

  /** What is to hold of a document. */
  private interface Check {
    void check(MarkdownFile document);
  }

  private static Stream<DynamicTest> forEach(Check check) {
    return MarkdownFile.all().stream()
        .map(document -> dynamicTest(document.toString(), () -> check.check(document)));
  }

  /** Returns the pages of a folder that its README does not link to. */
  private static List<Path> pagesWithoutALink(Path folder) {
    Path index = folder.resolve("README.md");
    List<Path> linked = MarkdownFile.read(index).links().stream()
        .filter(link -> !link.contains(":"))
        .map(link -> folder.resolve(link.replaceFirst("#.*", "")).normalize())
        .toList();
    return MarkdownFile.all().stream()
        .map(MarkdownFile::path)
        .filter(path -> path.startsWith(folder) && !path.equals(index))
        .filter(path -> !folder.equals(Path.of("docs")) || path.getNameCount() == 2)
        .filter(path -> !linked.contains(path))
        .toList();
  }

  private static List<String> brokenLinks(MarkdownFile document) {
    return document.links().stream()
        .filter(link -> !link.contains(":"))
        .filter(link -> !resolves(document, link))
        .toList();
  }

  private static boolean resolves(MarkdownFile document, String link) {
    int hash = link.indexOf('#');
    String file = (hash < 0) ? link : link.substring(0, hash);
    Path target =
        file.isEmpty() ? document.path() : document.path().resolveSibling(file).normalize();
    boolean isHere = file.isEmpty();
    if (!isHere && (target.startsWith("..") || !Files.exists(MarkdownFile.ROOT.resolve(target)))) {
      return false;
    }
    MarkdownFile linked = (isHere || hash < 0) ? document : MarkdownFile.read(target);
    return hash < 0 || linked.anchors().contains(link.substring(hash + 1));
  }

  private static boolean isPartOfOne(List<List<String>> sources, List<String> block) {
    return !block.isEmpty()
        && sources.stream().anyMatch(source -> Collections.indexOfSubList(source, block) >= 0);
  }

  private static boolean isSource(Path path) {
    return path.toString().endsWith(".java") && !path.toString().contains("target");
  }

  private static List<List<String>> sources() throws IOException {
    List<List<String>> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      for (Path file : files.filter(DocumentsTest::isSource).toList()) {
        sources.add(Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList());
      }
    }
    return sources;
  }
}
