package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultTest {
  private static final String RESULT = """
      [{"benchmark": "a.b.CBenchmark.d", "jdkVersion": "17.0.15", "threads": 1, "forks": 3,
        "measurementIterations": 2, "measurementTime": "500 ms",
        "params": {"size": "10"},
        "primaryMetric": {"scoreUnit": "ns/op", "rawData": [[1, 3], [5, 5], [9, 11]]},
        "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[16], [24], [48]]}}}]
      """;

  @TempDir
  Path folder;

  @Test
  void numbers_areTheSpreadOfTheForksMeans() throws IOException {
    Result result = read(RESULT);

    assertThat(result.nanos()).isEqualTo(new Spread(5, 2, 10));
    assertThat(result.bytes()).isEqualTo(new Spread(24, 16, 48));
    assertThat(result.settings()).isEqualTo("3 × 2 × 500 ms");
  }

  @Test
  void dimensions_areTheNameTheRunAndTheParameters() throws IOException {
    assertThat(read(RESULT).dimensions())
        .containsEntry("benchmark", "CBenchmark")
        .containsEntry("method", "d")
        .containsEntry("JDK", "17.0.15")
        .containsEntry("threads", "1")
        .containsEntry("size", "10")
        .hasSize(5);
  }

  @Test
  void bytes_areNullWithoutTheProfiler() throws IOException {
    assertThat(read(RESULT.replace("gc.alloc.rate.norm", "gc.count")).bytes()).isNull();
  }

  @Test
  void missingFile_isNamed() {
    assertThatThrownBy(() -> Result.read(file()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(file() + ": not readable (expected: results of JMH)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[5, 5]   ; []       ; rawData has a fork without iterations",
        "ns/op    ; ops/s    ; scoreUnit is \"ops/s\", not ns/op",
        "a.b.CBenchmark.d ; d ; benchmark is d, not a class and a method",
        "threads  ; thread   ; No value for property 'threads' of `ObjectNode`",
        "[{       ; {        ; Node of type `TextNode` has no fields",
        "1, \"forks\" ; , \"forks\" ; Unexpected character"
      })
  void malformedResult_isRefusedWithItsFileAndFault(String from, String to, String fault) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(RESULT.replace(from, to)))
        .withMessageStartingWith(file() + ": " + fault)
        .withMessageEndingWith(" (expected: results of JMH)");
  }

  private Result read(String content) throws IOException {
    Files.writeString(file(), content);
    return Result.read(file()).get(0);
  }

  private Path file() {
    return folder.resolve("results.json");
  }
}
