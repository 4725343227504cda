package dev.limpet.benchmarks;

import dev.limpet.core.CoarseClock;
import dev.limpet.core.NanoClock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How much faster is a lookup with a coarse clock? Sessions of a compact table, identified by an
 * IPv4 address, are looked up at random. All lookups are hits.
 *
 * <pre>java -jar benchmarks.jar ClockBenchmark -t 1</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms6g", "-Xmx6g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClockBenchmark {
  private static final long MULTIPLIER = 6_364_136_223_846_793_005L;
  private static final long INCREMENT = 1_442_695_040_888_963_407L;
  private static final Duration RESOLUTION = Duration.ofMillis(10);

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

  /** The clock: the system's, or one that an executor advances. */
  @Param({"system", "coarse"})
  String clock = "system";

  /** The number of sessions. */
  @Param({"1000", "100000", "1000000", "10000000"})
  int sessions = 1000;

  @SuppressWarnings("NullAway.Init") // by fill
  private CoarseClock coarse;

  @SuppressWarnings("NullAway.Init") // by fill
  private VisitedTable visited;

  private long random;

  /** Binds the sessions, and looks up each of them. */
  @Setup
  public void fill() {
    coarse = NanoClock.coarse(executor, RESOLUTION);
    visited = VisitedTable.compact(
        switch (clock) {
          case "system" -> NanoClock.system();
          case "coarse" -> coarse;
          default ->
            throw new IllegalArgumentException(
                "clock: " + clock + " (expected: one of [system, coarse])");
        },
        sessions);
  }

  /** Stops the clock. */
  @TearDown
  public void stop() {
    coarse.close();
    executor.shutdown();
  }

  /** Looks up a random session. */
  @Benchmark
  public int lookup() {
    random = random * MULTIPLIER + INCREMENT;
    int session = (int) (((random >>> 32) * sessions) >>> 32);
    return visited.visit(VisitedTable.address(session));
  }
}
