package dev.limpet.benchmarks;

import dev.limpet.core.Backend;
import dev.limpet.core.Balancer;
import dev.limpet.core.Picker;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.WeightedRoundRobin;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * What does it cost to pick the backend of a new session? Backends of random weights, a new key for each
 * pick; all threads share one picker.
 *
 * <pre>java -jar benchmarks.jar PickBenchmark -prof gc -t 1   # and -t max</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PickBenchmark {
  private static final int SEED = 42;

  /** The policy. */
  @Param({"weighted-round-robin", "weighted-rendezvous"})
  String balancer = "weighted-round-robin";

  /** How many backends there are. */
  @Param({"10", "100", "1000"})
  int backends = 10;

  @SuppressWarnings("NullAway.Init") // by begin
  private Picker picker;

  /** Makes the picker. */
  @Setup
  public void begin() {
    Random weights = new Random(SEED);
    List<Backend> eligible = IntStream.range(0, backends)
        .mapToObj(i -> Backend.of("web" + i, "10.0.0.1", 8080)
            .withWeight(1 + weights.nextInt(Backend.MAX_WEIGHT)))
        .toList();
    picker = balancer().picker(eligible);
  }

  /** Picks a backend. */
  @Benchmark
  public Backend pick(Keys keys) {
    return picker.pick(keys.next());
  }

  private Balancer balancer() {
    return switch (balancer) {
      case "weighted-round-robin" -> new WeightedRoundRobin();
      case "weighted-rendezvous" -> new WeightedRendezvous();
      default ->
        throw new IllegalArgumentException("balancer: " + balancer
            + " (expected: one of [weighted-round-robin, weighted-rendezvous])");
    };
  }

  /** Keys of a thread, none twice. */
  @State(Scope.Thread)
  public static class Keys {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private long last = ThreadLocalRandom.current().nextLong();

    long next() {
      last += STEP;
      return last;
    }
  }
}
