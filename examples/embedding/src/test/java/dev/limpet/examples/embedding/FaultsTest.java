package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code docs/faults.md} says of tests is so. */
class FaultsTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w*)\\.(\\w+)");
  private static final Pattern ANNOTATION =
      Pattern.compile("@(Test|ParameterizedTest|TestFactory|Property|Example|ArchTest)\\b");
  private static final Pattern ID = Pattern.compile("\\| (D-\\d+|T\\d+) \\|.*");
  private static final Pattern REASON = Pattern.compile("\\bnot\\b");

  /** The sources by the simple names of their classes. */
  private static final Map<String, List<String>> SOURCES = new HashMap<>();

  private static List<String> faults = List.of();

  @BeforeAll
  static void read() throws IOException {
    faults = Files.readAllLines(ROOT.resolve("docs").resolve("faults.md"));
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(FaultsTest::isTest).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        SOURCES.computeIfAbsent(name, any -> new ArrayList<>()).add(Files.readString(file));
      }
    }
  }

  @Test
  void everyNamedTestExists() {
    List<String> named = faults.stream().flatMap(line -> quoted(line).stream()).toList();

    assertThat(named).hasSizeGreaterThan(100);
    assertThat(named.stream().filter(test -> !exists(test))).isEmpty();
  }

  @Test
  void testsThatDoNotExist_areFound() {
    assertThat(exists("FaultsTest.everyNamedTestExists")).isTrue();
    assertThat(exists("FaultsTest.everyNamedTest")).isFalse();
    assertThat(exists("FaultsTest.exists")).isFalse();
    assertThat(exists("NoTest.everyNamedTestExists")).isFalse();
    assertThat(exists("dev.limpet")).isFalse();
  }

  @Test
  void everyFaultIsListedOnce() {
    List<String> ids = faults.stream()
        .map(ID::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .toList();

    assertThat(ids).hasSizeGreaterThan(70).doesNotHaveDuplicates();
  }

  @Test
  void everyFaultHasATestOrAReason() {
    String columns = "";
    for (String line : faults) {
      if (!line.startsWith("|")) {
        columns = "";
      } else if (columns.isEmpty()) {
        columns = line;
      } else if (columns.contains("| test |") && !line.startsWith("|---")) {
        assertThat(!quoted(line).isEmpty() || REASON.matcher(line).find())
            .as(line)
            .isTrue();
      }
    }
  }

  private static boolean isTest(Path file) {
    return file.toString().contains(TESTS.toString()) && file.toString().endsWith(".java");
  }

  private static List<String> quoted(String line) {
    return QUOTED.matcher(line).results().map(quote -> quote.group(1)).toList();
  }

  private static boolean exists(String test) {
    Matcher name = TEST.matcher(test);
    if (!name.matches()) {
      return false;
    }
    Pattern declared =
        Pattern.compile("\\b(void " + name.group(2) + "\\(|ArchRule " + name.group(2) + " =)");
    return SOURCES.getOrDefault(name.group(1), List.of()).stream()
        .flatMap(source -> Stream.of(source.split("\n\n")))
        .anyMatch(member ->
            ANNOTATION.matcher(member).find() && declared.matcher(member).find());
  }
}
