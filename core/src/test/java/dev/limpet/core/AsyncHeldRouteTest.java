package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Connections that are held for sessions whose binding takes time. */
class AsyncHeldRouteTest {
  private static final String ALICE = "alice";
  private static final String BOB = "bob";

  private final LateTable table = new LateTable(Routing.table(1_000));
  private final Affinity<String> affinity = affinity(table);

  @Test
  void aConnectionIsHeldFromTheAnswerOn() {
    Pool pool = counting(limited("a", 1), backend("b").withWeight(0));
    StickyRouter<String> router = router(pool);
    CompletableFuture<Route> waits = router.routeAsync(ALICE).toCompletableFuture();
    assertThat(connections(pool, "a")).isZero();

    table.answer();
    Route first = waits.join();

    assertThat(connections(pool, "a")).isEqualTo(1);
    assertThat(table.answered(() -> router.routeAsync(BOB)))
        .hasToString("NO_BACKEND (BACKEND_FULL)");
    first.close();
    assertThat(connections(pool, "a")).isZero();
    Route second = table.answered(() -> router.routeAsync(BOB));
    assertThat(second.backend().id()).isEqualTo("a");
    second.close();
  }

  @Test
  void aHit_holdsAConnectionAtOnce() {
    Pool pool = counting(limited("a", 1));
    StickyRouter<String> router = router(pool);
    table.bind(key(ALICE), null, "a", true);

    CompletableFuture<Route> hit = router.routeAsync(ALICE).toCompletableFuture();

    assertThat(hit).isDone();
    assertThat(hit.join()).hasToString("KEPT a");
    assertThat(connections(pool, "a")).isEqualTo(1);
    hit.join().close();
    assertThat(connections(pool, "a")).isZero();
  }

  @Test
  void aBoundSessionWhoseBackendIsFull_movesWhenTheTableAgrees() {
    Pool pool = counting(limited("a", 1), backend("b"));
    StickyRouter<String> router = router(pool);
    Route first = bothAtA(router);

    CompletionStage<Route> waits = router.routeAsync(BOB);
    assertThat(waits.toCompletableFuture()).isNotDone();
    table.answer();

    Route moved = waits.toCompletableFuture().join();
    assertThat(moved).hasToString("MOVED b (BACKEND_FULL)");
    assertThat(table.peek(key(BOB))).isEqualTo("b");
    first.close();
    moved.close();
  }

  @Test
  void aCallerThatGivesUpWaiting_holdsNothing() {
    Pool pool = counting(backend("a"), backend("b"));
    StickyRouter<String> router = router(pool);
    router.routeAsync(ALICE).toCompletableFuture().cancel(true);
    table.answer();

    assertNothingIsHeld(pool);
    assertThat(router.stats().requests()).isZero();
  }

  @Test
  void aCallerThatCompletesTheStageItself_holdsNothing() {
    Pool pool = counting(backend("a"), backend("b"));
    CompletableFuture<Route> waits = router(pool).routeAsync(ALICE).toCompletableFuture();
    Route mine = new Route(null, Outcome.NO_BACKEND, Reason.UNKNOWN, null, null);
    waits.complete(mine);
    table.answer();

    assertThat(waits.join()).isSameAs(mine);
    assertNothingIsHeld(pool);
  }

  @Test
  void aCallerThatGivesUpWaitingForAnotherBackend_holdsNothing() {
    Pool pool = counting(limited("a", 1), backend("b"));
    StickyRouter<String> router = router(pool);
    Route first = bothAtA(router);

    router.routeAsync(BOB).toCompletableFuture().cancel(true);
    table.answer();

    assertThat(connections(pool, "b")).isZero();
    assertThat(router.stats().requests()).isEqualTo(1);
    assertThat(pool.heldRoutes().size()).isEqualTo(1);
    first.close();
  }

  @Test
  void aCallerThatGivesUpWaitingForAReroute_toAnotherBackend_holdsNothing() {
    Pool pool = counting(backend("a"), limited("b", 1), limited("c", 1));
    StickyRouter<String> router = router(pool);
    table.bind(key(ALICE), null, "a", true);
    Route kept = table.answered(() -> router.routeAsync(ALICE));
    CompletableFuture<Route> next = router.rerouteAsync(ALICE, kept).toCompletableFuture();
    String first = Routing.rendezvous(pool.snapshot(), key(ALICE), "a");
    pool.snapshot().member(first).acquire();
    table.answerOne();
    assertThat(table.waiting()).isEqualTo(1);

    next.cancel(true);
    table.answer();

    assertThat(kept).hasToString("KEPT a");
    assertThat(connections(pool, "a")).isZero();
    assertThat(connections(pool, "b") + connections(pool, "c")).isEqualTo(1);
  }

  @Test
  void aCallerThatGivesUpWhileItIsHandedOver_holdsNothing() {
    Pool pool = counting(backend("a"));
    List<CompletableFuture<Route>> waiting = new ArrayList<>();
    StickyRouter<String> router = StickyRouter.<String>builder(pool, affinity)
        .listener((request, route) -> waiting.get(0).cancel(true))
        .build();
    waiting.add(router.routeAsync(ALICE).toCompletableFuture());

    table.answer();

    assertThat(waiting.get(0)).isCancelled();
    assertThat(connections(pool, "a")).isZero();
    assertThat(pool.heldRoutes().size()).isZero();
  }

  @Test
  void aCallerThatGivesUpWaitingForAReroute_holdsNothing() {
    Pool pool = counting(backend("a"), backend("b"));
    StickyRouter<String> router = router(pool);
    Route failed = table.answered(() -> router.routeAsync(ALICE));
    router.rerouteAsync(ALICE, failed).toCompletableFuture().cancel(true);
    table.answer();
    failed.close();

    assertNothingIsHeld(pool);
  }

  @Test
  void aRouteThatIsBeingRerouted_holdsNothingMeanwhile() {
    Pool pool = counting(backend("a"), backend("b"));
    StickyRouter<String> router = router(pool);
    Route failed = table.answered(() -> router.routeAsync(ALICE));
    router.rerouteAsync(ALICE, failed);

    assertNothingIsHeld(pool);
  }

  /** The next route is another object, which the caller closes when it arrives. */
  @Test
  void aRouteThatIsClosedWhileItIsRerouted_isGivenBackOnce() {
    Pool pool = counting(backend("a"), backend("b"));
    StickyRouter<String> router = router(pool);
    Route failed = table.answered(() -> router.routeAsync(ALICE));
    CompletableFuture<Route> next = router.rerouteAsync(ALICE, failed).toCompletableFuture();

    failed.close();
    table.answer();

    assertThat(next.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(connections(pool, "a") + connections(pool, "b")).isEqualTo(1);
    next.join().close();
    assertNothingIsHeld(pool);
  }

  @Test
  void aClosedRoute_canBeRerouted() {
    Pool pool = counting(backend("a"), backend("b"));
    StickyRouter<String> router = router(pool);
    Route failed = table.answered(() -> router.routeAsync(ALICE));
    failed.close();

    Route next = table.answered(() -> router.rerouteAsync(ALICE, failed));

    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    assertThat(next.failed()).isSameAs(failed);
    assertThat(connections(pool, "a") + connections(pool, "b")).isEqualTo(1);
    next.close();
    assertNothingIsHeld(pool);
  }

  @Test
  void aRerouteOfARouteWithoutABackend_isRefused() {
    StickyRouter<String> router = router(counting());
    Route none = table.answered(() -> router.routeAsync(ALICE));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.rerouteAsync(ALICE, none))
        .withMessageStartingWith("failed: NO_BACKEND");
  }

  @Test
  void routeUnbound_takesNoTime() {
    Pool pool = counting(limited("a", 1), backend("b"));
    StickyRouter<String> router = router(pool);

    try (Route one = router.routeUnbound(ALICE);
        Route two = router.routeUnbound(ALICE);
        Route three = router.routeUnbound(ALICE)) {
      assertThat(List.of(one, two, three))
          .allSatisfy(route -> assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND));
      assertThat(connections(pool, "a")).isEqualTo(1);
      assertThat(connections(pool, "b")).isEqualTo(2);
    }
    assertThat(table.waiting()).isZero();
    assertNothingIsHeld(pool);
  }

  @Test
  void aTableThatFails_givesTheConnectionsBack() {
    Pool pool = counting(limited("a", 1), backend("b"));
    UnreliableTable unreliable = new UnreliableTable(Routing.table(10));
    StickyRouter<String> router = StickyRouter.of(pool, affinity(unreliable));
    unreliable.bind(key(ALICE), null, "a", true);
    unreliable.bind(key(BOB), null, "a", true);
    Route first = router.routeAsync(ALICE).toCompletableFuture().join();

    for (UnreliableTable.End end :
        List.of(UnreliableTable.End.FAILS, UnreliableTable.End.THROWS, UnreliableTable.End.NULL)) {
      unreliable.ends(end);
      CompletableFuture<Route> full = router.routeAsync(BOB).toCompletableFuture();
      unreliable.answerAll();
      assertThat(full).isCompletedExceptionally();
      assertThat(pool.heldRoutes().size()).isEqualTo(1);
    }
    CompletableFuture<Route> next = router.rerouteAsync(ALICE, first).toCompletableFuture();
    unreliable.answerAll();
    assertThat(next).isCompletedExceptionally();
    assertNothingIsHeld(pool);
  }

  /** Binds two sessions to a, which has one connection, and routes a request of the first. */
  private Route bothAtA(StickyRouter<String> router) {
    table.bind(key(ALICE), null, "a", true);
    table.bind(key(BOB), null, "a", true);
    return table.answered(() -> router.routeAsync(ALICE));
  }

  private static void assertNothingIsHeld(Pool pool) {
    assertThat(pool.heldRoutes().size()).isZero();
    assertThat(pool.snapshot().members()).allMatch(member -> member.load().connections() == 0);
  }

  private StickyRouter<String> router(Pool pool) {
    return StickyRouter.of(pool, affinity);
  }
}
