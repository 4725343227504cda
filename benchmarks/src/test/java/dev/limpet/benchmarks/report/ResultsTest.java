package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsTest {
  private static final String RESULT = """
      [{"benchmark": "a.b.CBenchmark.d", "jdkVersion": "17.0.15", "threads": 1, "forks": 3,
        "warmupIterations": 1, "warmupTime": "1 s", "measurementIterations": 2, "measurementTime": "500 ms",
        "params": {"size": "10"},
        "primaryMetric": {"scoreUnit": "us/op", "rawData": [[1, 3], [5, 5], [9, 11]]},
        "secondaryMetrics": {}}]
      """;

  @TempDir
  Path folder;

  @Test
  void time_isTheMedianOfTheForksMeansInNanoseconds() throws IOException {
    Measurement measured = read(RESULT).jmh().all().get(0);

    assertThat(measured.nanos()).isEqualTo(new Spread(5_000, 2_000, 10_000));
    assertThat(measured.bytes()).isNull();
    assertThat(measured.benchmark()).isEqualTo("CBenchmark");
    assertThat(measured.value("method")).isEqualTo("d");
    assertThat(measured.value("size")).isEqualTo("10");
  }

  @Test
  void command_repeatsTheRun() throws IOException {
    assertThat(Commands.of(read(RESULT).jmh()))
        .containsExactly("java -jar benchmarks/target/benchmarks.jar"
            + " CBenchmark -t 1 -f 3 -wi 1 -w 1s -i 2 -r 500ms -p size=10");
  }

  @Test
  void missingFile_isNamed() {
    Path missing = folder.resolve("missing.json");

    assertThatThrownBy(() -> Results.read(List.of(missing)))
        .isInstanceOf(BadInput.class)
        .hasMessage(missing + ": cannot be read (expected: a file with results as JSON)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "{\"report\": ; line 1 is not JSON (expected: results as JSON)",
        "{\"report\": \"weather\"} ; no results (expected: a list by JMH, or an object whose report is one of"
            + " [machine, memory, overflow, peerChanges, proxyCost])",
        "^^ ; no results (expected: a list by JMH, or an object whose report is one of"
            + " [machine, memory, overflow, peerChanges, proxyCost])",
        "[{}] ; [0].benchmark is nothing (expected: a text)",
        "[{\"benchmark\": \"c\"}] ; [0].benchmark is \"c\" (expected: a class and a method)",
      })
  void malformedFile_isRefusedWithItsNameAndPlace(String content, String fault) throws IOException {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(BadInput.class)
        .hasMessage(file() + ": " + fault);
  }

  @Test
  void throughput_isRefused() {
    assertThatThrownBy(() -> read(RESULT.replace("us/op", "ops/s")))
        .hasMessage(file() + ": [0].primaryMetric.scoreUnit is \"ops/s\""
            + " (expected: one of [ms/op, ns/op, s/op, us/op])");
  }

  @Test
  void forkWithoutData_isRefused() {
    assertThatThrownBy(() -> read(RESULT.replace("[5, 5]", "[]")))
        .hasMessage(
            file() + ": [0].primaryMetric.rawData[1] is [] (expected: at least one iteration)");
  }

  private Results read(String content) throws IOException {
    Files.writeString(file(), content);
    return Results.read(List.of(file()));
  }

  private Path file() {
    return folder.resolve("results.json");
  }
}
