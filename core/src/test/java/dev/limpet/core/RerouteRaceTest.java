package dev.limpet.core;

import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reroutes of which something changed between the route and the reroute. */
class RerouteRaceTest {
  private static final String ALICE = "alice";

  private final Pool pool = pool("a", "b", "c");
  private final StickyTable table = Routing.table(100);

  @Test
  void aLogOutIsNotUndoneBecauseNothingIsLeft() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    bind(router);
    Route moved = router.reroute(ALICE, router.route(ALICE));
    Route last = router.reroute(ALICE, moved);
    assertThat(router.unbind(ALICE)).isTrue();

    Route none = router.reroute(ALICE, last);

    assertThat(none).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isNull();
  }

  @Test
  void parallelRequestsThatReachNothingLeaveTheSessionWhereItWas() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    String home = bind(router);
    Route first = router.route(ALICE);
    Route second = router.route(ALICE);

    first = router.reroute(ALICE, first);
    second = router.reroute(ALICE, second);
    second = router.reroute(ALICE, second);
    first = router.reroute(ALICE, first);
    first = router.reroute(ALICE, first);
    second = router.reroute(ALICE, second);

    assertThat(first).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(second).hasToString("NO_BACKEND (CONNECT_FAILED)");
    assertThat(bound()).isEqualTo(home);
  }

  @ParameterizedTest
  @EnumSource
  void aSessionWhoseBackendHasLeftThePoolMovesUnderEveryFailover(Failover failover) {
    StickyRouter<String> router = router(pool, table, failover);
    String home = bind(router);
    Route kept = router.route(ALICE);
    pool.change(edit -> edit.remove(home));

    Route moved = router.reroute(ALICE, kept);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(bound()).isEqualTo(id(moved));
  }

  @Test
  void parallelFirstRequestsAreServedUnderStrictOnceOneHasBoundTheSessionElsewhere() {
    StickyRouter<String> router = router(pool, table, Failover.STRICT);
    Route winner = router.route(ALICE);
    Route loser = router.route(ALICE);

    Route rebound = router.reroute(ALICE, winner);
    Route served = router.reroute(ALICE, loser);

    assertThat(served).hasToString("KEPT " + id(rebound) + " (CONNECT_FAILED)");
  }

  private String bind(StickyRouter<String> router) {
    return id(router.route(ALICE));
  }

  private String bound() {
    return table.peek(key(ALICE));
  }
}
