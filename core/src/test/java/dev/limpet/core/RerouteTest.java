package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.other;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RerouteTest {
  private static final String ALICE = "alice";

  private final Pool pool = pool("a", "b", "c");
  private final StickyTable table = Routing.table(100);

  @Test
  void move_bindsTheSessionToTheBackendThatAnswered() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    String home = bind(router);
    Route kept = router.route(ALICE);

    Route moved = router.reroute(ALICE, kept);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.reason()).isEqualTo(Reason.CONNECT_FAILED);
    assertThat(moved.failed()).isSameAs(kept);
    assertThat(id(moved)).isEqualTo(rendezvous(pool.snapshot(), key(ALICE), home));
    assertThat(bound()).isEqualTo(id(moved));
    assertThat(router.route(ALICE)).hasToString("KEPT " + id(moved));
  }

  @Test
  void lend_servesElsewhereAndKeepsTheBinding() {
    StickyRouter<String> router = router(pool, table, Failover.LEND);
    String home = bind(router);

    Route lent = router.reroute(ALICE, router.route(ALICE));
    Route lentAgain = router.reroute(ALICE, lent);
    Route none = router.reroute(ALICE, lentAgain);

    String first = rendezvous(pool.snapshot(), key(ALICE), home);
    assertThat(lent).hasToString("LENT " + first + " (CONNECT_FAILED)");
    assertThat(lentAgain).hasToString("LENT " + other(pool, home, first) + " (CONNECT_FAILED)");
    assertThat(none).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isEqualTo(home);
  }

  @Test
  void strict_refusesASessionThatIsBound() {
    StickyRouter<String> router = router(pool, table, Failover.STRICT);
    String home = bind(router);

    Route refused = router.reroute(ALICE, router.route(ALICE));

    assertThat(refused).hasToString("REFUSED (CONNECT_FAILED)");
    assertThat(refused.backend()).isNull();
    assertThat(bound()).isEqualTo(home);
  }

  @ParameterizedTest
  @EnumSource
  void aNewSessionIsBoundToTheNextChoiceUnderEveryFailover(Failover failover) {
    StickyRouter<String> router = router(pool, table, failover);
    Route first = router.route(ALICE);

    Route second = router.reroute(ALICE, first);
    Route third = router.reroute(ALICE, second);

    String next = rendezvous(pool.snapshot(), key(ALICE), id(first));
    assertThat(second).hasToString("NEW " + next + " (CONNECT_FAILED)");
    assertThat(third).hasToString("NEW " + other(pool, id(first), next) + " (CONNECT_FAILED)");
    assertThat(bound()).isEqualTo(id(third));
  }

  @ParameterizedTest
  @EnumSource
  void aNewSessionThatReachesNothingIsForgotten(Failover failover) {
    StickyRouter<String> router = router(pool, table, failover);

    Route none = exhausted(router, router.route(ALICE));

    assertThat(none).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isNull();
  }

  @Test
  void aMovedSessionThatReachesNothingIsWhereTheRequestFoundIt() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    String home = bind(router);

    Route none = exhausted(router, router.route(ALICE));

    assertThat(none).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isEqualTo(home);
  }

  @ParameterizedTest
  @EnumSource
  void aSessionOfARemovedBackendThatReachesNothingKeepsItsOldName(Failover failover) {
    StickyRouter<String> router = router(pool, table, failover);
    String home = bind(router);
    pool.change(edit -> edit.remove(home));

    Route none = exhausted(router, router.route(ALICE));

    assertThat(none).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isEqualTo(home);
  }

  @Test
  void aBindingThatAnotherRequestMadeMeanwhileIsNotTakenBack() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    String home = bind(router);
    Route moved = router.reroute(ALICE, router.route(ALICE));
    Route last = router.reroute(ALICE, moved);
    pool.change(edit -> edit.add(backend("d")));
    assertThat(table.bind(key(ALICE), id(last), "d", true)).isEqualTo(Bound.stored("d"));
    pool.change(edit -> edit.drain("d"));

    Route held = router.reroute(ALICE, last);

    assertThat(id(last)).isNotEqualTo(home);
    assertThat(held).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isEqualTo("d");
  }

  @Test
  void aSessionThatAnotherRequestMovedIsKeptThere() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    bind(router);
    Route mine = router.route(ALICE);
    Route theirs = router.reroute(ALICE, router.route(ALICE));

    Route route = router.reroute(ALICE, mine);

    assertThat(route).hasToString("KEPT " + id(theirs) + " (CONNECT_FAILED)");
    assertThat(route.failed()).isSameAs(mine);
  }

  @Test
  void aRequestWithoutAKeyTriesEveryBackendOnce() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    Route first = router.route("");

    Route second = router.reroute("", first);
    Route third = router.reroute("", second);

    assertThat(second.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(second.reason()).isEqualTo(Reason.CONNECT_FAILED);
    assertThat(id(third)).isEqualTo(other(pool, id(first), id(second)));
    assertThat(router.reroute("", third)).hasToString("NO_BACKEND (CONNECT_FAILED)");
  }

  @Test
  void anOverflowSessionTriesEveryBackendOnceAndIsNotStored() {
    StickyTable full = Routing.table(1);
    StickyRouter<String> router = router(pool, full, Failover.MOVE);
    router.route("bob");

    Route hashed = router.route(ALICE);
    Route next = router.reroute(ALICE, hashed);

    assertThat(hashed.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(next)
        .hasToString(
            "HASHED " + rendezvous(pool.snapshot(), key(ALICE), id(hashed)) + " (CONNECT_FAILED)");
    assertThat(full.peek(key(ALICE))).isNull();
  }

  @Test
  void aRouteWithoutABackendCannotBeRerouted() {
    StickyRouter<String> router = router(Pool.of("empty"), table, Failover.MOVE);
    Route none = router.route(ALICE);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.reroute(ALICE, none))
        .withMessage("failed: NO_BACKEND (UNKNOWN) (expected: a route with a backend)");
    assertThatNullPointerException()
        .isThrownBy(() -> router.reroute(ALICE, null))
        .withMessage("failed");
    assertThatNullPointerException()
        .isThrownBy(() -> router.rerouteAsync(ALICE, null))
        .withMessage("failed");
    assertThat(router.stats().reroutes()).isZero();
  }

  private String bind(StickyRouter<String> router) {
    return id(router.route(ALICE));
  }

  private String bound() {
    return table.peek(key(ALICE));
  }

  private static Route exhausted(StickyRouter<String> router, Route first) {
    Route route = first;
    while (route.backend() != null) {
      route = router.reroute(ALICE, route);
    }
    return route;
  }
}
