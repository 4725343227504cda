package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir
  Path folder;

  private Path last;
  private Path round;

  @BeforeEach
  void measure() throws IOException {
    last = folder.resolve("last.json");
    round = round("round", "none", "none");
  }

  @Test
  void accept_writesTheNumbersAndNothingElse() throws IOException {
    assertThat(check("--accept")).isZero();

    Accepted accepted = Accepted.read(last);
    assertThat(Files.readString(last)).contains("\"processor\"", "\"jdk\" : \"17.0.15\"");
    assertThat(accepted.ratio("independent lookups, rawCaffeine ÷ compact")).isEqualTo(6);
    assertThat(accepted.ratio("change of 1,000 backends ÷ the computation")).isEqualTo(50_000);
    assertThat(accepted.ratios()).hasSameSizeAs(Targets.all());
  }

  @Test
  void equalNumbers_holdAndExitWith0() {
    check("--accept");

    assertThat(check()).isZero();
    assertThat(lines())
        .anyMatch(line -> line.matches("independent lookups.* 6.00 +6.00 +≥ 5 +holds"))
        .anyMatch(line -> line.matches("pick, two threads ÷ one +5.00 +5.00 +reported"))
        .noneMatch(line -> line.endsWith("missed"));
  }

  @Test
  void worseNumber_isAMissAndExitsWith1() throws IOException {
    check("--accept");
    round("round", "[[120.0]]", "[[121.0]]");

    assertThat(check()).isEqualTo(1);
    assertThat(lines())
        .anyMatch(line -> line.matches("lbCookie exchange, B +121 +120 +≤ 120 +missed"));
  }

  @Test
  void allocationInAPollutedJvm_isAMiss() throws IOException {
    check("--accept");
    round("round", "[[0.0004]]", "[[24]]");

    assertThat(check()).isEqualTo(1);
    assertThat(lines())
        .anyMatch(line -> line.matches("lbCookie hit, polluted JVM, B +24.* +0 +≤ 0 +missed"));
  }

  @Test
  void missingBenchmark_isAMissThatSaysSo() throws IOException {
    check("--accept");
    round("round", "PickBenchmark", "OtherBenchmark");

    assertThat(check()).isEqualTo(1);
    assertThat(lines()).anyMatch(line -> line.matches("pick, .* not measured +5.00 +missed"));
  }

  @Test
  void missingBenchmark_cannotBeAccepted() throws IOException {
    round("round", "PickBenchmark", "OtherBenchmark");

    assertThat(check("--accept")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "pick, two threads ÷ one: not measured (expected: a number)" + System.lineSeparator());
    assertThat(last).doesNotExist();
  }

  @Test
  void rounds_countByTheirMedian() throws IOException {
    check("--accept");
    Path slow = round("slow", "[[5000000]]", "[[45000000]]");
    Path fast = round("fast", "[[5000000]]", "[[2500000]]");

    assertThat(status(last, round, slow, fast)).isZero();
    assertThat(lines()).anyMatch(line -> line.contains("50,000 (25,000–450,000)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "{\"processor\": ; last.json: Unexpected end-of-input within/between Object entries"
            + " (expected: processor, jdk and ratios as JSON)",
        "{\"processor\": \"p\", \"jdk\": \"17\"} ; last.json: Null value for creator property 'ratios'",
        "{\"processor\": \"p\", \"jdk\": \"17\", \"ratios\": {}} ; independent lookups, rawCaffeine ÷ compact:"
            + " none (expected: a number, by check.sh --accept)"
      })
  void malformedNumbers_exitWith2AndTheirFault(String content, String fault) throws IOException {
    Files.writeString(last, content);

    assertThat(check()).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(fault);
  }

  @Test
  void missingNumbers_exitWith2AndTheWayOut() {
    assertThat(check()).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith(last + ": not readable (expected: check.sh --accept)");
  }

  @Test
  void missingArguments_exitWith2() {
    assertThat(status(last)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("arguments: 1 (expected: [--accept] LAST ROUND…)");
  }

  @ParameterizedTest
  @CsvSource({
    "AT_LEAST, 5, 6, 5, true", // the limit itself
    "AT_LEAST, 5, 6, 4.99, false",
    "AT_LEAST, 5, 8, 6, true", // the accepted number less the tolerance
    "AT_LEAST, 5, 8, 5.99, false",
    "AT_MOST, 5, 6, 5, true",
    "AT_MOST, 5, 6, 5.01, false",
    "AT_MOST, 5, 2, 2.5, true",
    "AT_MOST, 5, 2, 2.51, false",
    "REPORTED, NaN, 1, 99, true"
  })
  void bound_isTheStricterOfLimitAndAcceptedNumberAndHoldsItself(
      Target.Rule rule, double limit, double accepted, double now, boolean holds) {
    Target target = new Target("name", rule, limit, 0.25, round -> now);

    assertThat(target.holds(now, accepted)).isEqualTo(holds);
  }

  /** Writes a round in which all targets hold, except for a text that is replaced. */
  private Path round(String name, String from, String to) throws IOException {
    Path written = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        written.resolve("results.json"), Fixtures.text("round/round.json").replace(from, to));
    return written;
  }

  private int check(String... options) {
    return options.length == 0
        ? status(last, round)
        : Check.status(stream(out), stream(err), options[0], last.toString(), round.toString());
  }

  private int status(Path... files) {
    out.reset();
    return Check.status(
        stream(out),
        stream(err),
        List.of(files).stream().map(Path::toString).toArray(String[]::new));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
