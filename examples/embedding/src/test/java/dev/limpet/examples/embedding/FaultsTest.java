package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/internals/faults.md} names tests that exist, for all faults. */
class FaultsTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");
  private static final Pattern ID = Pattern.compile("\\| (D-\\d+|T\\d+) \\|.*");
  private static final Pattern REASON = Pattern.compile("\\b(does not apply|not tested here)\\b");

  /** The first and the last number of each run of scenarios. */
  private static final int[][] SCENARIOS = {
    {1, 4}, {6, 12}, {14, 25}, {27, 27}, {29, 35}, {37, 39}, {41, 43}, {45, 55}, {57, 60}, {62, 65},
    {67, 72}
  };

  private static final int[][] THREATS = {{1, 19}};

  private final List<String> faults =
      MarkdownFile.read(Path.of("docs", "internals", "faults.md")).lines();

  @Test
  void everyNamedTestExists() {
    NamedTests tests = new NamedTests();

    assertThat(named()).hasSizeGreaterThan(100);
    assertThat(named()).filteredOn(test -> !tests.exists(test)).isEmpty();
    assertThat(named()).filteredOn(tests::isAmbiguous).isEmpty();
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

  private static Stream<String> ids(String format, int[][] runs) {
    return Stream.of(runs)
        .flatMapToInt(run -> IntStream.rangeClosed(run[0], run[1]))
        .mapToObj(number -> String.format(format, number));
  }

  private List<String> named() {
    return faults.stream().flatMap(line -> quoted(line).stream()).toList();
  }

  private static List<String> quoted(String line) {
    return QUOTED.matcher(line).results().map(quote -> quote.group(1)).toList();
  }
}
