package dev.limpet.core;

import static dev.limpet.core.Routing.HASHER;
import static dev.limpet.core.Routing.TEXT;
import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.requests;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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
  void route_allocatesNoRouteForASessionThatIsKept() {
    StickyRouter<String> router = router(pool);
    router.route(ALICE);

    assertThat(router.route(ALICE)).isSameAs(router.route(ALICE));
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
    assertThat(router.balance(ALICE)).hasToString("NO_BACKEND (IGNORED)");
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
  void balance_takesTurnsAndLeavesTheSessionAlone() {
    StickyRouter<String> router = router(pool);
    String home = id(router.route(ALICE));

    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Route route = router.balance(ALICE);
      assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(route.reason()).isEqualTo(Reason.IGNORED);
      turns.add(id(route));
    }

    assertThat(turns).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(router.route(ALICE)).hasToString("KEPT " + home);
    router.balance(BOB);
    assertThat(router.peek(BOB)).isSameAs(Recall.none(Reason.UNKNOWN));
  }

  @Test
  void balanceBy_givesTheHashBalancerItsKeyWithoutAffinity() {
    Pool hashed = Pool.of(
        "hashed", new WeightedRendezvous(), List.of(backend("a"), backend("b", 5), backend("c")));
    StickyRouter<String> router = StickyRouter.<String>builder(hashed, Affinity.none())
        .balanceBy(TEXT, HASHER)
        .build();

    for (String request : requests(100)) {
      String expected = rendezvous(hashed.snapshot(), key(request));
      assertThat(router.route(request)).hasToString("UNBOUND " + expected + " (NO_KEY)");
      assertThat(router.balance(request)).hasToString("UNBOUND " + expected + " (IGNORED)");
    }
  }

  @Test
  void balanceBy_servesRequestsForWhichTheAffinityHasNoKey() {
    KeyAffinity<String> none =
        KeyAffinity.<String>builder((request, hasher) -> KeyExtractor.NONE).build();
    Pool hashed = Pool.of("hashed", new WeightedRendezvous(), List.of(backend("a"), backend("b")));
    StickyRouter<String> router = StickyRouter.<String>builder(hashed, none)
        .profile(Profile.OPEN)
        .balanceBy(TEXT, HASHER)
        .build();

    assertThat(router.route(ALICE))
        .hasToString("UNBOUND " + rendezvous(hashed.snapshot(), key(ALICE)) + " (NO_KEY)");
  }

  @Test
  void build_refusesWhatTheProfileDoesNotAllow() {
    Pool hashed = Pool.of("hashed", new WeightedRendezvous(), List.of(backend("a")));
    KeyAffinity<String> brief = KeyAffinity.builder(TEXT)
        .session(StickySession.custom().withDuration(Duration.ofSeconds(59)))
        .build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> StickyRouter.of(hashed, brief))
        .withMessage("algorithm: weighted-rendezvous (expected: weighted-round-robin with a"
            + " stickiness duration at layer 4) [profile enhanced]; duration: PT59S (expected:"
            + " PT1M..PT1H at layer 4, in whole seconds) [profile enhanced]");
    assertThat(StickyRouter.<String>builder(hashed, brief)
            .profile(Profile.OPEN)
            .build()
            .pool())
        .isSameAs(hashed);
  }

  @Test
  void build_refusesNulls() {
    StickyRouterBuilder<String> builder = StickyRouter.builder(pool, Affinity.none());

    assertThatNullPointerException().isThrownBy(() -> StickyRouter.of(null, Affinity.none()));
    assertThatNullPointerException().isThrownBy(() -> StickyRouter.of(pool, null));
    assertThatNullPointerException().isThrownBy(() -> builder.profile(null));
    assertThatNullPointerException().isThrownBy(() -> builder.layer(null));
    assertThatNullPointerException().isThrownBy(() -> builder.failover(null));
    assertThatNullPointerException().isThrownBy(() -> builder.balanceBy(null, HASHER));
    assertThatNullPointerException().isThrownBy(() -> builder.balanceBy(TEXT, null));
    assertThatNullPointerException().isThrownBy(() -> builder.listener(null));
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
        .hasher(HASHER)
        .table(session -> table)
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
