package dev.limpet.core;

import static dev.limpet.core.Routing.TEXT;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.requests;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StickyRouterTest {
  private static final String ALICE = "alice";
  private static final String BOB = "bob";

  private final Pool pool = pool("a", "b", "c");

  @Test
  void route_bindsANewSessionAndKeepsItThere() {
    StickyRouter<String> router = router(pool);

    Route first = router.route(ALICE);
    Route second = router.route(ALICE);

    assertThat(first).hasToString("NEW " + id(first) + " (UNKNOWN)");
    assertThat(second).hasToString("KEPT " + id(first));
    assertThat(first.failed()).isNull();
  }

  @Test
  void affinity_isTheOneItWasBuiltWith() {
    Affinity<Object> none = Affinity.none();

    assertThat(StickyRouter.<String>of(Routing.pool("a"), none).affinity()).isSameAs(none);
  }

  @Test
  void route_allocatesNoRouteForASessionThatIsKept() {
    StickyRouter<String> router = router(pool);
    String home = id(router.route(ALICE));

    assertThat(router.route(ALICE)).isSameAs(pool.snapshot().member(home).kept(0));
    assertThat(router.routeAsync(ALICE))
        .isCompletedWithValueMatching(
            kept -> kept == pool.snapshot().member(home).kept(0));
  }

  @Test
  void route_allocatesNoRouteForARequestWithoutAKey() {
    StickyRouter<String> router = router(pool("a"));

    assertThat(router.route("")).hasToString("UNBOUND a (NO_KEY)").isSameAs(router.route(""));
  }

  @ParameterizedTest
  @EnumSource
  void failover_saysWhatASessionGetsWhileItsBackendIsDown(Failover failover) {
    StickyRouter<String> router = router(pool, failover);
    String home = id(router.route(ALICE));
    pool.change(edit -> edit.down(home));

    Route during = router.route(ALICE);
    pool.change(edit -> edit.up(home));
    Route after = router.route(ALICE);

    String elsewhere = rendezvous(pool.snapshot(), key(ALICE), home);
    switch (failover) {
      case MOVE -> {
        assertThat(during).hasToString("MOVED " + elsewhere + " (BACKEND_DOWN)");
        assertThat(after).hasToString("KEPT " + elsewhere);
      }
      case LEND -> {
        assertThat(during).hasToString("LENT " + elsewhere + " (BACKEND_DOWN)");
        assertThat(after).hasToString("KEPT " + home);
      }
      case STRICT -> {
        assertThat(during).hasToString("REFUSED (BACKEND_DOWN)");
        assertThat(during.backend()).isNull();
        assertThat(after).hasToString("KEPT " + home);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionOfARemovedBackendMovesUnderEveryFailover(Failover failover) {
    StickyRouter<String> router = router(pool, failover);
    String home = id(router.route(ALICE));
    pool.change(edit -> edit.remove(home));

    Route moved = router.route(ALICE);

    assertThat(moved)
        .hasToString("MOVED " + rendezvous(pool.snapshot(), key(ALICE)) + " (BACKEND_GONE)");
    assertThat(router.route(ALICE)).hasToString("KEPT " + id(moved));
  }

  @Test
  void aFullTableServesNewSessionsByHashAndStoresThemWhenThereIsSpace() {
    StickyRouter<String> router = router(pool, Routing.table(1), Failover.MOVE);
    router.route(BOB);
    String hashed = rendezvous(pool.snapshot(), key(ALICE));

    assertThat(router.route(ALICE)).hasToString("HASHED " + hashed + " (TABLE_FULL)");
    assertThat(router.route(ALICE)).hasToString("HASHED " + hashed + " (TABLE_FULL)");
    assertThat(router.unbind(BOB)).isTrue();
    assertThat(router.route(ALICE)).hasToString("NEW " + hashed + " (UNKNOWN)");
    assertThat(router.route(ALICE)).hasToString("KEPT " + hashed);
  }

  @Test
  void whereNothingCanServeTheAnswerSaysWhy() {
    StickyRouter<String> router = router(pool);
    String home = id(router.route(ALICE));

    pool.change(edit -> edit.weight("a", 0).weight("b", 0).weight("c", 0));
    assertThat(router.route(BOB)).hasToString("NO_BACKEND (UNKNOWN)");
    assertThat(router.route("")).hasToString("NO_BACKEND (NO_KEY)");
    assertThat(router.routeUnbound(ALICE)).hasToString("NO_BACKEND (IGNORED)");
    assertThat(router.route(ALICE)).hasToString("KEPT " + home);

    pool.change(edit -> edit.down("a").down("b").down("c"));
    assertThat(router.route(ALICE)).hasToString("NO_BACKEND (BACKEND_DOWN)");

    pool.change(edit -> edit.remove("a").remove("b").remove("c"));
    assertThat(router.route(ALICE)).hasToString("NO_BACKEND (BACKEND_GONE)");
    assertThat(router.route(ALICE).backend()).isNull();
  }

  @Test
  void peek_usesChangesAndCountsNothing() {
    AtomicLong clock = new AtomicLong();
    StickyTable table = CaffeineStickyTable.of(
        StickySession.custom().withDuration(Duration.ofMinutes(1)), 10, clock::get);
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    assertThat(router.peek(ALICE)).isSameAs(Recall.none(Reason.UNKNOWN));
    String home = id(router.route(ALICE));

    for (int second = 0; second < 60; second++) {
      clock.addAndGet(1_000_000_000);
      assertThat(router.peek(ALICE)).hasToString(home);
    }
    clock.addAndGet(2_000_000_000);

    assertThat(router.peek(ALICE)).isSameAs(Recall.none(Reason.UNKNOWN));
    assertThat(router.peek("")).isSameAs(Recall.none(Reason.NO_KEY));
    assertThat(router.stats().requests()).isEqualTo(1);
  }

  @Test
  void routeUnbound_takesTurnsAndLeavesTheSessionAlone() {
    StickyRouter<String> router = router(pool);
    String home = id(router.route(ALICE));

    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Route route = router.routeUnbound(ALICE);
      assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(route.reason()).isEqualTo(Reason.IGNORED);
      turns.add(id(route));
    }

    assertThat(turns).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(router.route(ALICE)).hasToString("KEPT " + home);
    router.routeUnbound(BOB);
    assertThat(router.peek(BOB)).isSameAs(Recall.none(Reason.UNKNOWN));
  }

  @Test
  void balanceBy_givesTheHashBalancerItsKeyWithoutAffinity() {
    Pool hashed = hashed(Routing.ENVIRONMENT);
    StickyRouter<String> router =
        StickyRouter.<String>builder(hashed, Affinity.none()).balanceBy(TEXT).build();

    assertBalancedByKeys(router);
  }

  @Test
  void balanceBy_servesRequestsForWhichTheAffinityHasNoKey() {
    KeyAffinity<String> none = KeyAffinity.<String>builder((request, hasher) -> KeyExtractor.NONE)
        .environment(Routing.ENVIRONMENT)
        .build();
    StickyRouter<String> router = StickyRouter.<String>builder(hashed(Environment.local()), none)
        .balanceBy(TEXT)
        .build();

    assertBalancedByKeys(router);
  }

  @Test
  void balanceBy_usesTheSecretOfThePool_whereTheAffinityHasNone() {
    Affinity<String> without = new ForwardingAffinity<>(Affinity.none()) {};
    assertThat(without.environment()).isNull();
    StickyRouter<String> router = StickyRouter.builder(hashed(Routing.ENVIRONMENT), without)
        .balanceBy(TEXT)
        .build();

    assertBalancedByKeys(router);
  }

  /** Without a session in either case. */
  private static void assertBalancedByKeys(StickyRouter<String> router) {
    for (String request : requests(100)) {
      String expected = rendezvous(router.pool().snapshot(), key(request));
      assertThat(router.route(request)).hasToString("UNBOUND " + expected + " (NO_KEY)");
      assertThat(router.routeUnbound(request)).hasToString("UNBOUND " + expected + " (IGNORED)");
    }
  }

  private static Pool hashed(Environment environment) {
    return Pool.builder("hashed")
        .balancer(new WeightedRendezvous())
        .backends(List.of(backend("a"), backend("b", 5), backend("c")))
        .environment(environment)
        .build();
  }

  @Test
  void build_refusesNulls() {
    RouterBuilder<String, StickyRouter<String>> builder =
        StickyRouter.builder(pool, Affinity.none());

    assertThatNullPointerException().isThrownBy(() -> StickyRouter.of(null, Affinity.none()));
    assertThatNullPointerException().isThrownBy(() -> StickyRouter.of(pool, null));
    assertThatNullPointerException().isThrownBy(() -> builder.profile(null));
    assertThatNullPointerException().isThrownBy(() -> builder.failover(null));
    assertThatNullPointerException().isThrownBy(() -> builder.balanceBy(null));
    assertThatNullPointerException().isThrownBy(() -> builder.listener(null));
    assertThatNullPointerException()
        .isThrownBy(() -> new RouterBuilder<>(pool, Affinity.none(), null, null))
        .withMessage("maker");
  }

  @Test
  void anExtractorThatThrowsBindsNothingAndTheNextCallCanBind() {
    AtomicBoolean broken = new AtomicBoolean(true);
    StickyTable table = Routing.table(10);
    KeyAffinity<String> affinity = KeyAffinity.<String>builder((request, hasher) -> {
          if (broken.get()) {
            throw new IllegalStateException("broken");
          }
          return hasher.string(request);
        })
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> table)
        .build();
    StickyRouter<String> router = StickyRouter.of(pool, affinity);

    assertThatIllegalStateException().isThrownBy(() -> router.route(ALICE)).withMessage("broken");
    assertThat(table.peek(key(ALICE))).isNull();
    assertThat(router.stats().requests()).isZero();

    broken.set(false);
    assertThat(router.route(ALICE).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void withoutAffinityNothingIsBound() {
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());

    assertThat(router.route(ALICE).outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(router.route(ALICE).reason()).isEqualTo(Reason.NO_KEY);
    assertThat(router.unbind(ALICE)).isFalse();
    assertThat(router.peek(ALICE)).isSameAs(Recall.none(Reason.NO_KEY));
  }
}
