package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets new sessions: tiers, slow starts, connections, and hits that cost a turn. */
class SpreadingTest {
  private final AtomicLong time = new AtomicLong();

  private Pool pool(Duration slowStart, Backend... backends) {
    return Pool.builder("pool")
        .backends(List.of(backends))
        .slowStart(slowStart)
        .clock(time::get)
        .build();
  }

  private static Map<String, Integer> shares(Pool pool, int sessions) {
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < sessions; i++) {
      shares.merge(id(router.route("x")), 1, Integer::sum);
    }
    return shares;
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "9.999, 1", "10, 2", "49, 5", "89.99, 9", "90, 10", "1000, 10"})
  void aBackendThatCameUp_hasAsManyTenthsOfItsWeightAsTenthsOfTheSlowStartHaveBegun(
      double seconds, int tenths) {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"), backend("b"));
    pool.change(edit -> edit.down("b"));
    time.addAndGet(1_000_000_000_000L);
    pool.change(edit -> edit.up("b"));
    time.addAndGet((long) (seconds * 1e9));

    assertThat(shares(pool, (10 + tenths) * 7)).isEqualTo(Map.of("a", 70, "b", 7 * tenths));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -1})
  void aSlowStartMayBeginAtAnyTime(long start) {
    time.set(start);
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 1_000, "b", 100));
    time.addAndGet(100_000_000_000L);
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 550, "b", 550));
  }

  @Test
  void aClockThatStepsBack_slowsNobodyAgain() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    time.addAndGet(100_000_000_000L);
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 550, "b", 550));
    time.addAndGet(-50_000_000_000L);
    pool.change(edit -> edit.add(backend("c").withWeight(0)));
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 550, "b", 550));
  }

  @Test
  void aBackendThatLeavesAndComesInOneEdit_startsSlowlyAtOnce() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"), backend("b"));
    pool.change(edit -> edit.remove("b").add(backend("b")));
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 1_000, "b", 100));
  }

  @Test
  void weightsGrowWhileSessionsCome() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    List<Integer> ofB = new ArrayList<>();
    for (int step = 0; step < 12; step++) {
      ofB.add(shares(pool, 1_100).get("b"));
      time.addAndGet(10_000_000_000L);
    }
    assertThat(ofB).isSorted().startsWith(100).endsWith(550, 550, 550);
  }

  @Test
  void backendsThatThePoolBeginsWithAreWhole() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"), backend("b", 3));
    assertThat(shares(pool, 400)).isEqualTo(Map.of("a", 100, "b", 300));
  }

  @Test
  void aWeightThatCannotBeDividedGrowsInWholeNumbers() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a", 256));
    pool.change(edit -> edit.add(backend("b", 256)));
    assertThat(shares(pool, 256 + 26)).isEqualTo(Map.of("a", 256, "b", 26));
  }

  @Test
  void rendezvousChoicesUseTheConfiguredWeight() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    Pool grown = pool(Duration.ZERO, backend("a"), backend("b"));
    for (long key = 1; key < 1_000; key++) {
      assertThat(pool.snapshot().choose(key, null).name())
          .isEqualTo(grown.snapshot().choose(key, null).name());
    }
  }

  @Test
  void aBalancerThatPicksByKeyIsNotSlowed() {
    Pool pool = Pool.builder("pool")
        .balancer(new WeightedRendezvous())
        .backends(List.of(backend("a")))
        .slowStart(Duration.ofHours(1))
        .clock(time::get)
        .build();
    pool.change(edit -> edit.add(backend("b")));
    for (long key = 1; key < 1_000; key++) {
      assertThat(pool.snapshot().pick(key)).isEqualTo(pool.snapshot().choose(key, null));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT1H0.001S"})
  void aSlowStartOutOfRangeIsRefused(Duration duration) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder("pool").slowStart(duration))
        .withMessage("slowStart: " + duration + " (expected: PT0S..PT1H)");
  }

  @Test
  void aLaterTierServesOnlyWhenNoEarlierOneCan() {
    Pool pool = pool(
        Duration.ZERO,
        backend("backup").withTier(1),
        backend("a"),
        backend("last").withTier(7),
        backend("b"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("a", 50, "b", 50));
    pool.change(edit -> edit.down("a"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("b", 100));
    pool.change(edit -> edit.drain("b"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("backup", 100));
    pool.change(edit -> edit.weight("backup", 0));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("last", 100));
    pool.change(edit -> edit.up("a"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("a", 100));
  }

  @Test
  void aSessionStaysInALaterTierWhenTheFirstIsBack() {
    Pool pool = pool(Duration.ZERO, backend("a"), backend("backup").withTier(1));
    StickyRouter<String> router = Routing.router(pool);
    pool.change(edit -> edit.down("a"));
    assertThat(id(router.route("x"))).isEqualTo("backup");
    pool.change(edit -> edit.up("a"));
    assertThat(router.route("x").toString()).isEqualTo("KEPT backup");
    assertThat(id(router.route("y"))).isEqualTo("a");
  }

  @Test
  void aReroutedRequestComesToALaterTierAtLast() {
    Pool pool = pool(Duration.ZERO, backend("a"), backend("backup").withTier(1), backend("b"));
    StickyRouter<String> router = Routing.router(pool);
    Route first = router.route("x");
    Route second = router.reroute("x", first);
    Route third = router.reroute("x", second);
    assertThat(List.of(id(first), id(second))).containsExactlyInAnyOrder("a", "b");
    assertThat(id(third)).isEqualTo("backup");
  }

  @Test
  void aFullTierSpillsIntoTheNext() {
    Pool pool = pool(
        Duration.ZERO, backend("a").withMaxConnections(1), backend("backup").withTier(1));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    assertThat(id(router.lease("x").route())).isEqualTo("a");
    assertThat(id(router.lease("x").route())).isEqualTo("backup");
  }

  @Test
  void aChangeOfOneTierKeepsTheTurnsOfTheOthers() {
    Pool pool =
        pool(Duration.ZERO, backend("a"), backend("b"), backend("backup").withTier(1));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    String last = id(router.route("x"));
    for (int i = 0; i < 20; i++) {
      pool.change(i % 2 == 0 ? edit -> edit.down("backup") : edit -> edit.up("backup"));
      String next = id(router.route("x"));
      assertThat(next).isNotEqualTo(last);
      last = next;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void aTierOutOfRangeIsRefused(int tier) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend("a").withTier(tier))
        .withMessage("tier: " + tier + " (expected: 0..255)");
  }

  @Test
  void leastConnections_goToTheBackendWithTheFewestForItsWeight() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a", 5), backend("b", 3), backend("c", 2)));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    List<Lease> held = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      held.add(router.lease("x"));
    }
    assertThat(pool.snapshot().members())
        .extracting(member -> member.load().connections())
        .containsExactly(500, 300, 200);
    held.stream().filter(lease -> id(lease.route()).equals("b")).forEach(Lease::close);
    for (int i = 0; i < 200; i++) {
      assertThat(id(router.lease("x").route())).isEqualTo("b");
    }
  }

  @Test
  void leastConnections_pickBackendsThatAreAlikeAlike() {
    Pool pool = Pool.of(
        "pool", new WeightedLeastConnections(), List.of(backend("a"), backend("b"), backend("c")));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      try (Lease lease = router.lease("x")) {
        shares.merge(id(lease.route()), 1, Integer::sum);
      }
    }
    int fiveSigma = (int) (5 * Math.sqrt(30_000 * (1.0 / 3) * (2.0 / 3)));
    assertThat(shares.values()).hasSize(3).allMatch(share -> Math.abs(share - 10_000) <= fiveSigma);
  }

  @Test
  void leastConnections_countWhereOneBackendIsFull() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a").withMaxConnections(5), backend("b"), backend("c")));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    for (int i = 0; i < 1_005; i++) {
      router.lease("x");
    }

    assertThat(pool.snapshot().members())
        .extracting(member -> member.load().connections())
        .containsExactly(5, 500, 500);
  }

  @Test
  void leastConnections_seeALimitThatChanges() {
    Pool pool =
        Pool.of("pool", new WeightedLeastConnections(), List.of(backend("a"), backend("b", 256)));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    pool.change(edit -> edit.replace(backend("b", 256).withMaxConnections(1)));
    for (int i = 0; i < 3; i++) {
      router.lease("x");
    }

    assertThat(pool.snapshot().pick(1).name()).isEqualTo("a");
    assertThat(pool.snapshot().member("b").load().connections()).isEqualTo(1);
  }

  @Test
  void leastConnections_pickBackendsThatAreAlikeAlike_whereverBusyOnesStand() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a"), backend("b"), backend("c"), backend("d")));
    pool.snapshot().member("b").acquire();
    pool.snapshot().member("c").acquire();
    int ofA = 0;
    for (int i = 0; i < 30_000; i++) {
      ofA += pool.snapshot().pick(KeyExtractor.NONE).name().equals("a") ? 1 : 0;
    }

    assertThat(ofA).isCloseTo(15_000, within((int) (5 * Math.sqrt(30_000 * 0.25))));
  }

  @Test
  void aHitCostsItsBackendTheNextTurn_butNotTwo() {
    Pool pool = Pool.of(
        "pool",
        WeightedRoundRobin.chargingHits(),
        List.of(backend("a"), backend("b"), backend("c")));
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
    Pool pool =
        Pool.of("pool", WeightedRoundRobin.chargingHits(), List.of(backend("a"), backend("b")));
    StickyRouter<String> router = Routing.router(pool);
    router.route("x");
    router.route("y");
    router.route("x");
    router.route("y");
    assertThat(router.route("z").backend()).isNotNull();
  }
}
