package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.loadbalancer.LoadBalancer;
import com.linecorp.armeria.common.loadbalancer.SimpleLoadBalancer;
import dev.limpet.core.Backend;
import dev.limpet.core.Picker;
import dev.limpet.core.Picker.Purpose;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.WeightedRoundRobin;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
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
 * What does it cost to pick the backend of a new session? Backends have random weights, each pick
 * has a new key, and all threads share one picker.
 *
 * <ul>
 * <li>{@code weighted-round-robin} and {@code weighted-rendezvous} are this library's, and so is
 *     {@code shuffled}: the round robin for requests that may begin a session.
 * <li>{@code armeria} is the weighted round robin of Armeria.
 * <li>{@code grpc} is that of gRPC, whose weights are those that backends have reported; its result
 *     also contains the listener for the next report.
 * <li>{@code lockedSmooth} is smooth weighted round robin under a lock, as in nginx.
 * </ul>
 *
 * <pre>java -jar benchmarks.jar PickBenchmark -prof gc -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PickBenchmark {
  /** The policy. */
  @Param({
    "weighted-round-robin",
    "shuffled",
    "weighted-rendezvous",
    "armeria",
    "grpc",
    "lockedSmooth"
  })
  String balancer = "weighted-round-robin";

  /** The number of backends. */
  @Param({"10", "100", "1000"})
  int backends = 10;

  @SuppressWarnings("NullAway.Init") // by begin
  private LongFunction<Object> picker;

  /** Makes the picker. */
  @Setup
  public void begin() {
    picker = picker(balancer, Backends.weighted(backends));
  }

  /** Picks a backend. */
  @Benchmark
  public Object pick(Keys keys) {
    return picker.apply(keys.next());
  }

  /** Returns a function that picks a backend for a key, as the library's own object. */
  static LongFunction<Object> picker(String balancer, List<Backend> backends) {
    return switch (balancer) {
      case "weighted-round-robin" -> new WeightedRoundRobin().picker(backends, List.of())::pick;
      case "shuffled" -> {
        Picker turns = new WeightedRoundRobin().picker(backends, List.of());
        yield key -> turns.pick(key, Purpose.MAY_BEGIN_SESSION);
      }
      case "weighted-rendezvous" -> new WeightedRendezvous().picker(backends, List.of())::pick;
      case "armeria" -> {
        SimpleLoadBalancer<Backend> armeria =
            LoadBalancer.ofWeightedRoundRobin(backends, Backend::weight);
        yield key -> requireNonNull(armeria.pick());
      }
      case "grpc" -> {
        GrpcRoundRobin grpc = new GrpcRoundRobin(backends);
        yield key -> grpc.pick();
      }
      case "lockedSmooth" -> new LockedSmooth(backends)::pick;
      default ->
        throw new IllegalArgumentException("balancer: " + balancer + " (expected: one of "
            + "[weighted-round-robin, shuffled, weighted-rendezvous, armeria, grpc,"
            + " lockedSmooth])");
    };
  }

  /** The keys of a thread, all different. */
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
