package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpet.benchmarks.LookupTimes.Lookup;
import dev.limpet.benchmarks.LookupTimes.Time;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class LookupTurnsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  private Path folder;

  @Tag("slow")
  @Test
  void eachTurn_timesEachTableByEachAccess() throws Exception {
    int status = run(
        "--sessions=1000,2000,1000",
        "--turns=2",
        "--tables=rawChm,coarse,rawChm",
        "--results=" + folder);

    assertThat(status).as("%s", err).isZero();
    assertThat(out.toString().lines().skip(2))
        .hasSize(6)
        .anyMatch(row -> row.matches("\\| independent \\| compact( \\| \\d+){2} \\|"))
        .anyMatch(
            row -> row.matches("\\| dependent \\| rawChm( \\| \\d+ · 0\\.\\d+ \\(.*\\)){2} \\|"));
    JsonNode turn =
        new ObjectMapper().readTree(folder.resolve("2").resolve("lookup.json").toFile());
    assertThat(turn.findValuesAsText("table"))
        .hasSize(12)
        .containsOnly("compact", "rawChm", "coarse");
    assertThat(
            turn.path(0).path("primaryMetric").path("rawData").path(0).path(0).asDouble())
        .isPositive();
  }

  @Test
  void aRatio_isTheMedianOfThoseWithinATurn() {
    LookupTimes times = new LookupTimes(List.of(
        time(1, "compact", 100),
        time(1, "rawChm", 400),
        time(2, "rawChm", 1_500),
        time(2, "compact", 500),
        time(3, "compact", 200),
        time(3, "rawChm", 1_000)));

    assertThat(times.markdown().lines())
        .containsExactly(
            "| access | table | sessions 1,000,000 |",
            "|---|---|---|",
            "| dependent | compact | 200 |",
            "| dependent | rawChm | 1,000 · 4.000 (3.000–5.000) |");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--tables=rawChm,map; --tables: map (expected: coarse|caffeine|rawCaffeine|rawChm|memoryFloor)",
        "--turns=0; --turns: 0 (expected: 1..1000000)",
        "--sessions=1000,10000001; --sessions: 10000001 (expected: 1..10000000)",
        "--sessions=many; --sessions: many (expected: 1..10000000)"
      })
  void badOption_exitsWith2AndTheRule(String option, String reason) {
    assertThat(run(option)).isEqualTo(2);
    assertThat(err.toString()).isEqualToIgnoringNewLines(reason);
  }

  @Tag("slow")
  @Test
  void aTableThatEnds_isNamed() {
    try (TableProcess process = TableProcess.start("map", 1)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> process.nanos("dependent"))
          .withMessage("map: its process has ended (expected: a time)");
    }
  }

  private int run(String... arguments) {
    return LookupTurns.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private static Time time(int turn, String table, double nanos) {
    return new Time(turn, new Lookup("dependent", table, 1_000_000), nanos);
  }
}
