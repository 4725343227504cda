package dev.limpet.benchmarks;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Every benchmark runs, with every parameter but its numbers of sessions, which are for measuring.
 */
class EveryBenchmarkTest {
  private static final String FEW = "64";

  @Test
  void runsOnceWithEveryParameter() throws RunnerException {
    assertThat(runs(once()))
        .containsOnly(
            Map.entry("BindBenchmark.bindFull", 2L),
            Map.entry("BindBenchmark.bindNew", 2L),
            Map.entry("BindBenchmark.routeFlood", 2L),
            Map.entry("BindBenchmark.routeNew", 2L),
            Map.entry("ExchangeBenchmark.calls", 4L),
            Map.entry("ExchangeBenchmark.exchange", 4L),
            Map.entry("ExchangeBenchmark.route", 4L),
            Map.entry("PeerBenchmark.route", 12L),
            Map.entry("PickBenchmark.pick", 18L),
            Map.entry("PoolChangeBenchmark.changeWeight", 3L),
            Map.entry("RouteBenchmark.manySessions", 10L),
            Map.entry("RouteBenchmark.oneSession", 10L),
            Map.entry("ScalingControlBenchmark.compute", 1L),
            Map.entry("SharedHitBenchmark.local", 1L),
            Map.entry("SharedHitBenchmark.shared", 1L),
            Map.entry("TableLookupBenchmark.lookup", 10L),
            Map.entry("TokenBenchmark.unverified", 1L));
  }

  @Test
  void routesWithACaffeineTable() throws RunnerException {
    assertThat(runs(once().include("RouteBenchmark").param("table", "caffeine")))
        .containsOnly(
            Map.entry("RouteBenchmark.manySessions", 10L),
            Map.entry("RouteBenchmark.oneSession", 10L));
  }

  private static ChainedOptionsBuilder once() {
    return new OptionsBuilder()
        .mode(Mode.SingleShotTime)
        .param("sessions", FEW)
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  /** Returns how often each benchmark ran. */
  private static Map<String, Long> runs(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build())
        .run().stream()
            .map(result -> result.getParams().getBenchmark())
            .map(name -> name.replace("dev.limpet.benchmarks.", ""))
            .collect(groupingBy(name -> name, counting()));
  }
}
