package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the package's documentation is a source that compiles and a test that runs. */
class ExampleTest {
  private static final Path PACKAGE = Path.of("dev", "limpet", "testkit");
  private static final Path MAIN = Path.of("src", "main", "java").resolve(PACKAGE);
  private static final Path TEST = Path.of("src", "test", "java").resolve(PACKAGE);

  @Test
  void documentation_showsWhatCompiles() throws IOException {
    List<String> shown = example(Files.readAllLines(MAIN.resolve("package-info.java")));

    assertThat(shown).hasSizeGreaterThan(5);
    assertThat(stripped(Files.readAllLines(TEST.resolve("MyProxyTest.java"))))
        .containsSubsequence(shown)
        .endsWith(shown.get(shown.size() - 1));
  }

  /** Returns the lines of the first example. */
  private static List<String> example(List<String> documentation) {
    List<String> lines =
        documentation.stream().map(line -> line.replaceFirst("^ \\* ?", "")).toList();
    int begin = lines.indexOf("<pre>{@code");
    return stripped(lines.subList(begin + 1, lines.indexOf("}</pre>")));
  }

  private static List<String> stripped(List<String> lines) {
    return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
