package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each whole configuration in the documents is one that the gateway accepts. */
class DocumentConfigsTest {
  private static final Path DOCUMENTS = Path.of("..", "..", "docs");
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\n(.*?)^```");
  private static final Pattern LISTENERS = Pattern.compile("(?m)^listeners:");
  private static final Pattern POOLS = Pattern.compile("(?m)^pools:");
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir
  private Path folder;

  /** A configuration in a document, and the line of its fence. */
  private record Example(Path document, int line, String yaml) {
    @Override
    public String toString() {
      return document + ":" + line;
    }
  }

  /** Makes the file that an example refers to. */
  @BeforeEach
  void addCertificate() throws Exception {
    Files.copy(TestCertificate.of(folder, "dns:localhost").cert(), folder.resolve("ca.pem"));
  }

  @TestFactory
  List<DynamicTest> wholeConfigurations_areAccepted() throws IOException {
    List<DynamicTest> tests = examples().stream()
        .map(example ->
            dynamicTest(example.toString(), () -> assertThat(faults(example)).isEmpty()))
        .toList();
    assertThat(tests).hasSizeGreaterThan(10);
    return tests;
  }

  @Test
  void aFault_namesTheLineOfTheDocument() throws IOException {
    String faulty = """
        listeners: [{name: web, protocol: http, port: 8080, pool: web}]
        pools: [{name: web, backends: []}]
        """;

    assertThat(faults(new Example(Path.of("some.md"), 40, faulty)))
        .singleElement()
        .asString()
        .startsWith("some.md:42: backends: ");
  }

  private static List<Example> examples() throws IOException {
    try (Stream<Path> files = Files.list(DOCUMENTS)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .flatMap(DocumentConfigsTest::examples)
          .toList();
    }
  }

  private static Stream<Example> examples(Path document) {
    String text = read(document);
    return YAML.matcher(text)
        .results()
        .filter(block -> LISTENERS.matcher(block.group(1)).find())
        .filter(block -> POOLS.matcher(block.group(1)).find())
        .map(block -> new Example(document.getFileName(), line(text, block), block.group(1)));
  }

  private static int line(String text, MatchResult block) {
    return 1
        + (int) text.substring(0, block.start()).chars().filter(c -> c == '\n').count();
  }

  private static String read(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a configuration as a file, with a secret and a folder instead of those it shows. */
  private List<String> faults(Example example) throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, example.yaml().replace("…", SECRET).replace("/var/lib/limpet", "."));
    return ConfigReader.source(file).faults().stream()
        .map(fault -> at(example, fault))
        .toList();
  }

  private static String at(Example example, ConfigFault fault) {
    int line = example.line() + fault.line();
    return example.document() + ":" + line + ": " + fault.message();
  }
}
