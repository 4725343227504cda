package dev.limpet.benchmarks;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How well do the processors scale by themselves? Computes a chain of keyed hashes, which takes
 * about as long as routing a bound request and shares no memory between threads. If two threads
 * lose speed here against one, because of a shared core or its clock rate, the library is not the
 * cause.
 *
 * <pre>java -jar benchmarks.jar ScalingControlBenchmark -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScalingControlBenchmark {
  private static final int LENGTH = 4;

  /** Computes a chain of hashes. */
  @Benchmark
  public long compute(Chain chain) {
    long key = chain.last;
    for (int i = 0; i < LENGTH; i++) {
      key = chain.hasher.number(key);
    }
    chain.last = key;
    return key;
  }

  /** A thread's chain. */
  @State(Scope.Thread)
  public static class Chain {
    private final KeyHasher hasher = Environment.local().hasher();
    private long last = KeyExtractor.NONE;
  }
}
