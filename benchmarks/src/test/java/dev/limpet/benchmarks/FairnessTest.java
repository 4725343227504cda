package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpet.benchmarks.FairnessLoad.Stretch;
import dev.limpet.core.Balancer;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.WeightedRoundRobin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FairnessTest {
  private static final int MINUTES = 2;

  static List<Balancer> balancers() {
    return List.of(
        new SettledTurns(new WeightedRoundRobin()),
        new SettledTurns(WeightedRoundRobin.chargingHits()),
        new WeightedRendezvous());
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void theSameSeed_givesTheSameLoads(Balancer balancer) {
    for (FairnessScenario scenario : FairnessScenario.all()) {
      assertThat(shown(Fairness.simulate(scenario, balancer, 7, MINUTES)))
          .isEqualTo(shown(Fairness.simulate(scenario, balancer, 7, MINUTES)))
          .isNotEqualTo(shown(Fairness.simulate(scenario, balancer, 8, MINUTES)));
    }
  }

  @Test
  void everyBalancerOfAScenario_canBeSimulated() {
    for (FairnessScenario scenario : FairnessScenario.all()) {
      Fairness.balancersFor(scenario)
          .forEach((name, balancer) -> assertThat(
                  Fairness.simulate(scenario, balancer.get(), 7, 1).stretches())
              .as(scenario.name() + ", " + name)
              .hasSize(1));
    }
  }

  @Test
  void evenLoad_isOneEverywhere() {
    FairnessLoad even = new FairnessLoad();
    even.begin(Map.of("a", 3, "b", 1));
    for (int i = 0; i < 40; i++) {
      even.add(i % 4 == 0 ? "b" : "a");
    }

    Stretch stretch = even.stretches().get(0);
    assertThat(stretch.peak()).isEqualTo(1);
    assertThat(stretch.least()).isEqualTo(1);
    assertThat(stretch.variation()).isZero();
  }

  @Test
  void loads_areRequestsOverSharesByWeight() {
    FairnessLoad load = new FairnessLoad();
    load.begin(Map.of("a", 3, "b", 1));
    for (int i = 0; i < 8; i++) {
      load.add(i < 4 ? "a" : "b");
    }

    Stretch stretch = load.stretches().get(0);

    assertThat(stretch.load("a")).isCloseTo(4 / 6.0, within(1e-9));
    assertThat(stretch.load("b")).isCloseTo(4 / 2.0, within(1e-9));
    assertThat(stretch.peak()).isCloseTo(2, within(1e-9));
    assertThat(stretch.variation()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void stretchesTogether_areTheirSum() {
    FairnessLoad load = new FairnessLoad();
    for (String backend : List.of("a", "b", "b")) {
      load.begin(Map.of("a", 1, "b", 1));
      load.add(backend);
    }

    assertThat(load.together(0, 3).requests("b")).isEqualTo(2);
    assertThat(load.together(0, 2).peak()).isEqualTo(1);
  }

  @Test
  void visitors_comeInOrderWithHeavyTails() {
    FairnessVisitors visitors = new FairnessVisitors(1, 0);
    double last = 0;
    long requests = 0;
    boolean inOrder = true;
    for (visitors.next(); visitors.seconds() < 7_200; visitors.next()) {
      inOrder &= visitors.seconds() >= last;
      last = visitors.seconds();
      requests++;
    }

    assertThat(inOrder).isTrue();
    assertThat(requests / 7_200.0).isBetween(500.0, 1_200.0);
  }

  @Test
  void sharedAddresses_areThatMany() {
    FairnessVisitors visitors = new FairnessVisitors(1, 3);
    for (int i = 0; i < 1_000; i++) {
      visitors.next();
      assertThat(visitors.key()).isBetween(1L, 3L);
    }
  }

  private static List<Map<String, Integer>> shown(FairnessLoad load) {
    return load.stretches().stream()
        .map(stretch -> {
          Map<String, Integer> requests = new TreeMap<>();
          stretch.backends().forEach(id -> requests.put(id, stretch.requests(id)));
          return requests;
        })
        .toList();
  }
}
