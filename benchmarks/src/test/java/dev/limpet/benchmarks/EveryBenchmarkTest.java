package dev.limpet.benchmarks;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class EveryBenchmarkTest {
  @Test
  void runsOnceWithEveryParameter() throws RunnerException {
    Collection<RunResult> results = new Runner(new OptionsBuilder()
            .mode(Mode.SingleShotTime)
            .param("sessions", "64")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build())
        .run();

    Map<String, Long> runs = results.stream()
        .map(result -> result.getParams().getBenchmark())
        .map(name -> name.replace("dev.limpet.benchmarks.", ""))
        .collect(groupingBy(name -> name, counting()));
    assertThat(runs)
        .containsEntry("RouteBenchmark.manySessions", 8L)
        .containsEntry("RouteBenchmark.oneSession", 8L)
        .containsEntry("PickBenchmark.pick", 6L);
  }
}
