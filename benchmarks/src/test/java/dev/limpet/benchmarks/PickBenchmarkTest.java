package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import io.grpc.LoadBalancer.PickResult;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickBenchmarkTest {
  private static final List<Backend> BACKENDS = List.of(
      Backends.equal(3).get(0).withWeight(1),
      Backends.equal(3).get(1).withWeight(2),
      Backends.equal(3).get(2).withWeight(3));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weighted-round-robin",
        "shuffled",
        "weighted-rendezvous",
        "armeria",
        "grpc",
        "lockedSmooth"
      })
  void everyBalancerPicksByWeight(String balancer) {
    LongFunction<Object> picker = PickBenchmark.picker(balancer, BACKENDS);
    SplittableRandom keys = new SplittableRandom(1);
    Map<String, Integer> picks = new TreeMap<>();
    for (int i = 0; i < 60_000; i++) {
      picks.merge(id(picker.apply(keys.nextLong())), 1, Integer::sum);
    }

    assertThat(picks).containsOnlyKeys("web0", "web1", "web2");
    assertThat(picks.get("web0")).isCloseTo(10_000, Percentage.withPercentage(5));
    assertThat(picks.get("web1")).isCloseTo(20_000, Percentage.withPercentage(5));
    assertThat(picks.get("web2")).isCloseTo(30_000, Percentage.withPercentage(5));
  }

  private static String id(Object picked) {
    return (picked instanceof PickResult result)
        ? GrpcBalancer.id(result)
        : ((Backend) picked).id();
  }
}
