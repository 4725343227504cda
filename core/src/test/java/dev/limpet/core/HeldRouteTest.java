package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.limited;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Routes that hold a connection of their backend. */
class HeldRouteTest {
  private final Pool pool = counting(limited("a", 1), limited("b", 1), limited("c", 1));

  @Test
  void aConnectionCountsUntilTheRouteIsClosed_onceOnly() {
    Route route = router(pool).route("x");
    String name = id(route);

    assertThat(connections(pool, name)).isEqualTo(1);
    route.close();
    route.close();
    assertThat(connections(pool, name)).isZero();
  }

  @Test
  void closingARouteAgain_takesNothingFromTheNextOne() {
    StickyRouter<String> router = router(pool);
    Route first = router.route("x");
    String home = id(first);
    first.close();
    Route second = router.route("x");
    assertThat(second).hasToString("KEPT " + home).isNotSameAs(first);

    first.close();

    assertThat(connections(pool, home)).isEqualTo(1);
    second.close();
    assertThat(connections(pool, home)).isZero();
  }

  @Test
  void toString_isThatOfARouteThatHoldsNothing_andALoadTellsHowBusyItsBackendIs() {
    StickyRouter<String> router = router(pool);
    Route first = router.route("x");
    assertThat(first).hasToString("NEW " + id(first) + " (UNKNOWN)");
    assertThat(first.member().load()).hasToString("1 connections");
    first.close();
    Route kept = router.route("x");
    assertThat(kept).hasToString(kept.member().kept(0).toString());
    kept.close();
  }

  @Test
  void twoRequestsOfASession_holdAConnectionEach() {
    Pool one = counting(limited("a", 2));
    StickyRouter<String> router = router(one);
    Route first = router.route("x");
    Route second = router.route("x");

    assertThat(connections(one, "a")).isEqualTo(2);
    first.close();
    assertThat(connections(one, "a")).isEqualTo(1);
    second.close();
    assertThat(connections(one, "a")).isZero();
  }

  @ParameterizedTest
  @EnumSource(Failover.class)
  void aSessionWhoseBackendIsFullGetsWhatItsFailoverSays(Failover failover) {
    StickyRouter<String> router = router(pool, failover);
    Route first = router.route("x");
    String home = id(first);
    Route second = router.route("x");

    assertThat(second.reason()).isEqualTo(Reason.BACKEND_FULL);
    switch (failover) {
      case MOVE -> assertThat(second.outcome()).isEqualTo(Outcome.MOVED);
      case LEND -> assertThat(second.outcome()).isEqualTo(Outcome.LENT);
      case STRICT -> assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
    }
    if (failover != Failover.STRICT) {
      assertThat(id(second)).isEqualTo(rendezvous(pool.snapshot(), key("x"), home));
    }
    first.close();
    second.close();
    String back = (failover == Failover.MOVE) ? id(second) : home;
    try (Route third = router.route("x")) {
      assertThat(third.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(id(third)).isEqualTo(back);
    }
  }

  @Test
  void aNewSessionIsBoundWhereThereIsAConnectionLeft() {
    StickyRouter<String> router = router(pool);
    List<Route> held = Routing.requests(3).stream().map(router::route).toList();
    assertThat(held.stream().map(Routing::id)).containsExactlyInAnyOrder("a", "b", "c");

    Route none = router.route("late");
    assertThat(none.backend()).isNull();
    assertThat(none).hasToString("NO_BACKEND (BACKEND_FULL)");
    held.get(0).close();
    try (Route late = router.route("late")) {
      assertThat(late.outcome()).isEqualTo(Outcome.NEW);
      assertThat(id(late)).isEqualTo(id(held.get(0)));
    }
    held.forEach(Route::close);
  }

  @Test
  void whenAllAreFull_theBindingStays() {
    StickyRouter<String> router = router(pool);
    Route mine = router.route("x");
    String home = id(mine);
    List<Route> others = Routing.requests(2).stream().map(router::route).toList();

    Route refused = router.route("x");
    assertThat(refused.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(refused.reason()).isEqualTo(Reason.BACKEND_FULL);
    assertThat(router.peek("x").name()).isEqualTo(home);
    assertThat(others).noneMatch(route -> id(route).equals(home));
    mine.close();
    others.forEach(Route::close);
  }

  @Test
  void aRouteWithoutABackend_holdsNothing() {
    StickyRouter<String> router = router(pool, Failover.STRICT);
    Route home = router.route("x");
    Route refused = router.route("x");
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    List<Route> others = Routing.requests(2).stream().map(router::route).toList();
    Route none = router.route("late");
    assertThat(none.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(pool.heldRoutes().size()).isEqualTo(3);

    refused.close();
    none.close();

    assertThat(pool.heldRoutes().size()).isEqualTo(3);
    assertThat(allConnections()).isEqualTo(3);
    home.close();
    others.forEach(Route::close);
    assertThat(allConnections()).isZero();
  }

  @Test
  void aRequestWithoutASession_holdsAConnectionToo() {
    StickyRouter<String> router = router(pool);
    List<Route> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(router.routeUnbound("any"));
    }
    assertThat(held.stream().map(Routing::id)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(router.routeUnbound("any").backend()).isNull();
    assertThat(router.stats().count(Reason.IGNORED)).isEqualTo(3);
    held.forEach(Route::close);
    assertThat(allConnections()).isZero();
  }

  @Test
  void aReroute_givesTheFailedConnectionBackAndHoldsAnother() {
    StickyRouter<String> router = router(pool);
    Route failed = router.route("x");

    Route next = router.reroute("x", failed);

    assertThat(id(next)).isNotEqualTo(id(failed));
    assertThat(connections(pool, id(failed))).isZero();
    assertThat(connections(pool, id(next))).isEqualTo(1);
    failed.close();
    assertThat(connections(pool, id(next))).isEqualTo(1);
    next.close();
    assertThat(allConnections()).isZero();
  }

  @Test
  void aClosedRoute_canBeRerouted() {
    StickyRouter<String> router = router(pool);
    Route failed = router.route("x");
    failed.close();

    Route next = router.reroute("x", failed);

    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    assertThat(next.failed()).isSameAs(failed);
    assertThat(id(next)).isNotEqualTo(id(failed));
    assertThat(allConnections()).isEqualTo(1);
    next.close();
    assertThat(allConnections()).isZero();
  }

  @Test
  void aRerouteThatFindsNothing_endsTheLoop() {
    StickyRouter<String> router = router(pool);
    Route route = router.route("x");
    int tried = 0;
    while (route.backend() != null) {
      route = router.reroute("x", route);
      tried++;
    }
    assertThat(tried).isEqualTo(3);
    assertThat(allConnections()).isZero();
    assertThat(router.peek("x").name()).isNull();
  }

  @Test
  void aRouteThatFailsToBind_holdsNothing() {
    StickyTable table = Routing.table(10);
    StickyTable broken = new ForwardingTable(table) {
      @Override
      public Bound bind(long key, String expected, String candidate, boolean byHash) {
        throw new IllegalStateException("broken");
      }
    };
    StickyRouter<String> router = router(pool, broken, Failover.MOVE);
    table.bind(key("x"), null, "a", true);
    Route kept = router.route("x");

    assertThatIllegalStateException().isThrownBy(() -> router.route("x")).withMessage("broken");
    assertThatIllegalStateException().isThrownBy(() -> router.route("new")).withMessage("broken");
    assertThat(allConnections()).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> router.reroute("x", kept))
        .withMessage("broken");
    assertThat(allConnections()).isZero();
  }

  @Test
  void inAPoolThatDoesNotCount_closingDoesNothing() {
    Pool free = Routing.pool("a", "b");
    StickyRouter<String> router = router(free);
    Route failed = router.route("x");
    failed.close();
    failed.close();
    assertThat(free.heldRoutes().size()).isZero();
    assertThat(connections(free, id(failed))).isZero();

    Route next = router.reroute("x", failed);

    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    assertThat(id(next)).isNotEqualTo(id(failed));
    next.close();
    assertThat(connections(free, id(next))).isZero();
  }

  @Test
  void aListener_hearsOfTheRouteThatTheCallerGets() {
    List<Route> heard = new ArrayList<>();
    StickyRouter<String> router = StickyRouter.<String>builder(pool, Affinity.none())
        .listener((request, route) -> heard.add(route))
        .build();

    Route first = router.route("x");
    Route next = router.reroute("x", first);

    assertThat(heard).hasSize(2);
    assertThat(heard.get(0)).isSameAs(first);
    assertThat(heard.get(1)).isSameAs(next);
    next.close();
  }

  @Test
  @Timeout(60)
  void noConnectionBeyondTheLimitIsGiven_whoeverAsksAtOnce() throws InterruptedException {
    Load load = new Load();
    AtomicInteger tooMany = new AtomicInteger();

    Threads.together(8, thread -> {
      for (int call = 0; call < 50_000; call++) {
        if (load.acquire(3)) {
          tooMany.addAndGet(load.connections() > 3 ? 1 : 0);
          load.release();
        }
      }
    });

    assertThat(tooMany).hasValue(0);
    assertThat(load.connections()).isZero();
  }

  @Tag("long")
  @Test
  @Timeout(60)
  void neverMoreConnectionsThanTheLimit_from64Threads() throws InterruptedException {
    pool.change(edit -> List.of("a", "b", "c").forEach(id -> edit.replace(limited(id, 5))));
    StickyRouter<String> router = router(pool, Failover.LEND);
    CyclicBarrier barrier = new CyclicBarrier(64);
    AtomicInteger served = new AtomicInteger();

    Threads.together(64, thread -> {
      for (int round = 0; round < 500; round++) {
        try (Route route = router.route("session-" + (thread + round) % 100)) {
          served.addAndGet(route.backend() == null ? 0 : 1);
          barrier.await();
          assertThat(List.of("a", "b", "c")).allMatch(name -> connections(pool, name) == 5);
          barrier.await();
        }
        barrier.await();
      }
    });

    assertThat(served.get()).isEqualTo(500 * 15);
    assertThat(allConnections()).isZero();
    assertThat(router.stats().requests()).isEqualTo(500 * 64);
  }

  @Test
  void whereNothingCanLend_theReasonIsThatAllAreFull() {
    StickyRouter<String> router = router(pool, Failover.LEND);
    Route first = router.route("x");
    List<Route> others = Routing.requests(2).stream().map(router::route).toList();
    pool.change(edit -> edit.down(id(first)));

    assertThat(router.route("x")).hasToString("NO_BACKEND (BACKEND_FULL)");
    first.close();
    others.forEach(Route::close);
  }

  @Test
  void aBackendWithoutALimit_isCountedToo() {
    Pool free = counting(backend("a"));
    Route route = router(free).route("x");
    assertThat(connections(free, "a")).isEqualTo(1);
    route.close();
    assertThat(connections(free, "a")).isZero();
  }

  private int allConnections() {
    return pool.snapshot().members().stream()
        .mapToInt(m -> m.load().connections())
        .sum();
  }
}
