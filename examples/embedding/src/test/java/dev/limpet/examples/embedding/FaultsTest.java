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
import java.util.stream.IntStream;
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
  private static final Pattern DISABLED = Pattern.compile("@Disabled\\b");
  private static final Pattern ID = Pattern.compile("\\| (D-\\d+|T\\d+) \\|.*");
  private static final Pattern REASON = Pattern.compile("\\b(does not apply|not tested here)\\b");

  /** The first and the last number of each run of scenarios. */
  private static final int[][] SCENARIOS = {
    {1, 4}, {6, 12}, {14, 25}, {27, 27}, {29, 35}, {37, 39}, {41, 43}, {45, 55}, {57, 60}, {62, 65},
    {67, 72}
  };

  private static final int[][] THREATS = {{1, 19}};

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
    List<String> named = named();

    assertThat(named).hasSizeGreaterThan(100);
    assertThat(named.stream().filter(test -> !exists(test))).isEmpty();
  }

  @Test
  void everyNamedClassIsTheOnlyOneOfItsName() {
    assertThat(named().stream().filter(test -> sources(test).size() > 1)).isEmpty();
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
  void testsThatAreDisabled_doNotExist() {
    String source = "class SomeTest {\n\n  @Test\n  void works() {}\n}";

    assertThat(declares(source, "works")).isTrue();
    assertThat(declares(source.replace("@Test", "@Test\n  @Disabled"), "works")).isFalse();
    assertThat(declares("@Disabled(\"slow\")\n" + source, "works")).isFalse();
  }

  @Test
  void everyFaultIsListedOnce() {
    List<String> ids = faults.stream()
        .map(ID::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .toList();

    assertThat(ids)
        .containsExactlyElementsOf(
            Stream.concat(ids("D-%02d", SCENARIOS), ids("T%d", THREATS)).toList());
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

  private static Stream<String> ids(String format, int[][] runs) {
    return Stream.of(runs)
        .flatMapToInt(run -> IntStream.rangeClosed(run[0], run[1]))
        .mapToObj(number -> String.format(format, number));
  }

  private static List<String> named() {
    return faults.stream().flatMap(line -> quoted(line).stream()).toList();
  }

  private static List<String> quoted(String line) {
    return QUOTED.matcher(line).results().map(quote -> quote.group(1)).toList();
  }

  private static boolean exists(String test) {
    Matcher name = TEST.matcher(test);
    return name.matches()
        && sources(test).stream().anyMatch(source -> declares(source, name.group(2)));
  }

  /** The sources of a test's class: one, unless modules share its name. */
  private static List<String> sources(String test) {
    return SOURCES.getOrDefault(test.replaceFirst("\\..*", ""), List.of());
  }

  private static boolean declares(String source, String test) {
    Pattern declared = Pattern.compile("\\b(void " + test + "\\(|ArchRule " + test + " =)");
    return !isDisabled(head(source))
        && Stream.of(source.split("\n\n", -1))
            .filter(member -> declared.matcher(member).find())
            .anyMatch(member -> ANNOTATION.matcher(member).find() && !isDisabled(member));
  }

  /** What stands before the body of a class. */
  private static String head(String source) {
    return source.substring(0, source.indexOf("{\n"));
  }

  private static boolean isDisabled(String declaration) {
    return DISABLED.matcher(declaration).find();
  }
}
