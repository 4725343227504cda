package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to change the weight of one backend of a pool? The pool spreads sessions by
 * weighted round robin, all weights are random from 1 to 256, and each change computes a new fair
 * cycle. Several threads change one pool one after the other.
 *
 * <pre>java -jar benchmarks.jar PoolChangeBenchmark -prof gc -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolChangeBenchmark {
  private static final int WEIGHT_STEP = 97;

  /** The number of backends. */
  @Param({"10", "100", "1000"})
  int backends = 10;

  @SuppressWarnings("NullAway.Init") // by begin
  private Pool pool;

  /** Makes the pool. */
  @Setup
  public void begin() {
    pool = Pool.builder("web").backends(Backends.weighted(backends)).build();
  }

  /** Changes the weight of a random backend. */
  @Benchmark
  public PoolSnapshot changeWeight(Choice choice) {
    String id = "web" + choice.random.nextInt(backends);
    Backend now = requireNonNull(pool.snapshot().member(id)).backend();
    return pool.change(
        edit -> edit.weight(id, 1 + (now.weight() + WEIGHT_STEP) % Backend.MAX_WEIGHT));
  }

  /** A thread's choice of backends. */
  @State(Scope.Thread)
  public static class Choice {
    final Random random = new Random();
  }
}
