package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests of bound sessions that cost their backend a turn. */
class ChargedHitsTest {
  @Test
  void aHitCostsItsBackendTheNextTurn_butNotTwo() {
    Pool pool =
        Routing.pool(WeightedRoundRobin.chargingHits(), backend("a"), backend("b"), backend("c"));
    StickyRouter<String> router = Routing.router(pool);
    String bound = id(router.route("x"));
    List<String> round = List.of(id(router.route("y")), id(router.route("z")));
    for (int hits = 0; hits < 10; hits++) {
      assertThat(router.route("x").toString()).isEqualTo("KEPT " + bound);
    }
    List<String> next =
        Routing.requests(8).stream().map(r -> id(router.route(r))).toList();
    assertThat(next.subList(0, 2)).isEqualTo(round);
    assertThat(next.subList(2, 5)).containsExactly(bound, round.get(0), round.get(1));
    assertThat(next.subList(5, 8)).containsExactly(bound, round.get(0), round.get(1));
  }

  @Test
  void whereAllOweATurn_somebodyIsPicked() {
    Pool pool = Routing.pool(WeightedRoundRobin.chargingHits(), backend("a"), backend("b"));
    StickyRouter<String> router = Routing.router(pool);
    router.route("x");
    router.route("y");
    router.route("x");
    router.route("y");
    assertThat(router.route("z").backend()).isNotNull();
  }

  @Test
  void differentWeights_areRefusedWhenAPoolIsBuilt() {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> Routing.pool(
            WeightedRoundRobin.chargingHits(), backend("a", 8), backend("b", 1), backend("c", 8)))
        .withMessageStartingWith("weights: 1, 8 (expected: equal weights above 0 in each tier")
        .withMessageContaining("new WeightedRoundRobin()");
  }

  @Test
  void changesThatMakeWeightsDiffer_areRefusedAndChangeNothing() {
    Pool pool = Routing.pool(WeightedRoundRobin.chargingHits(), backend("a", 3), backend("b", 3));
    PoolSnapshot before = pool.snapshot();

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> pool.change(edit -> edit.drain("b").weight("a", 2)))
        .withMessageStartingWith("weights: 2, 3 ");
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> pool.follow(List.of(backend("a", 3), backend("c", 1))))
        .withMessageStartingWith("weights: 1, 3 ");
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> pool.change(edit -> edit.add(backend("c", 1))));

    assertThat(pool.snapshot()).isSameAs(before);
    pool.change(edit -> edit.weight("a", 5).weight("b", 5));
    assertThat(pool.snapshot().member("a").backend().weight()).isEqualTo(5);
  }

  @Test
  void weightsOfZero_andOfOtherTiers_mayDiffer() {
    Pool pool = Routing.pool(
        WeightedRoundRobin.chargingHits(),
        backend("a", 2),
        backend("b", 0),
        backend("c", 7).withTier(1),
        backend("d", 7).withTier(1));

    assertThat(pool.snapshot().members()).hasSize(4);
  }

  @Test
  void everyTierWithDifferentWeights_isNamed() {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> Routing.pool(
            WeightedRoundRobin.chargingHits(),
            backend("a", 1),
            backend("b", 2),
            backend("c", 3).withTier(1),
            backend("d", 4).withTier(1)))
        .satisfies(thrown ->
            assertThat(thrown.faults()).extracting(Fault::value).containsExactly("1, 2", "3, 4"));
  }

  /** A backend that is down or draining comes back, and a slow start ends. */
  @Test
  void healthDrainsAndASlowStart_doNotCount() {
    Pool pool = Routing.pool(WeightedRoundRobin.chargingHits(), backend("a", 3), backend("b", 3));
    pool.change(edit -> edit.down("b").drain("a"));

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> pool.change(edit -> edit.weight("b", 2)));
    Pool slow = Pool.builder("slow")
        .balancer(WeightedRoundRobin.chargingHits())
        .backends(List.of(backend("a", 3)))
        .slowStart(Duration.ofMinutes(1))
        .build();
    slow.change(edit -> edit.add(backend("b", 3)));
    assertThat(Routing.shares(slow, 1_100).get("b")).isLessThan(200);
  }

  @Test
  void differentWeights_areAllowedIfHitsAreNotCharged() {
    assertThat(Routing.pool(new WeightedRoundRobin(), backend("a", 1), backend("b", 8)))
        .isNotNull();
  }
}
