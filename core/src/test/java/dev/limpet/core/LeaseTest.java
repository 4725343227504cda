package dev.limpet.core;

import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.leasing;
import static dev.limpet.core.Routing.limited;
import static dev.limpet.core.Routing.rendezvous;
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

/** Requests that hold a connection of their backend. */
class LeaseTest {
  private final Pool pool = Pool.of("pool", limited("a", 1), limited("b", 1), limited("c", 1));

  @Test
  void aConnectionCountsUntilTheLeaseIsClosed_onceOnly() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    Lease lease = router.lease("x");
    String name = id(lease.route());

    assertThat(connections(pool, name)).isEqualTo(1);
    lease.close();
    lease.close();
    assertThat(connections(pool, name)).isZero();
  }

  @Test
  void toString_isThatOfTheRoute_andTellsHowBusyABackendIs() {
    Lease lease = leasing(pool, Failover.MOVE).lease("x");
    assertThat(lease).hasToString(lease.route().toString());
    assertThat(lease.route().member().load()).hasToString("1 connections");
  }

  @ParameterizedTest
  @EnumSource(Failover.class)
  void aSessionWhoseBackendIsFullGetsWhatItsFailoverSays(Failover failover) {
    StickyRouter<String> router = leasing(pool, failover);
    Lease first = router.lease("x");
    String home = id(first.route());
    Lease second = router.lease("x");

    Route route = second.route();
    assertThat(route.reason()).isEqualTo(Reason.BACKEND_FULL);
    switch (failover) {
      case MOVE -> assertThat(route.outcome()).isEqualTo(Outcome.MOVED);
      case LEND -> assertThat(route.outcome()).isEqualTo(Outcome.LENT);
      case STRICT -> assertThat(route.outcome()).isEqualTo(Outcome.REFUSED);
    }
    if (failover != Failover.STRICT) {
      assertThat(id(route)).isEqualTo(rendezvous(pool.snapshot(), key("x"), home));
    }
    first.close();
    second.close();
    String back = (failover == Failover.MOVE) ? id(route) : home;
    try (Lease third = router.lease("x")) {
      assertThat(third.route().outcome()).isEqualTo(Outcome.KEPT);
      assertThat(id(third.route())).isEqualTo(back);
    }
  }

  @Test
  void aNewSessionIsBoundWhereThereIsAConnectionLeft() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    List<Lease> held = new ArrayList<>();
    for (String request : Routing.requests(3)) {
      held.add(router.lease(request));
    }
    assertThat(held.stream().map(lease -> id(lease.route())))
        .containsExactlyInAnyOrder("a", "b", "c");

    Lease none = router.lease("late");
    assertThat(none.backend()).isNull();
    assertThat(none.route().toString()).isEqualTo("NO_BACKEND (BACKEND_FULL)");
    held.get(0).close();
    try (Lease late = router.lease("late")) {
      assertThat(late.route().outcome()).isEqualTo(Outcome.NEW);
      assertThat(id(late.route())).isEqualTo(id(held.get(0).route()));
    }
  }

  @Test
  void whenAllAreFull_theBindingStays() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    Lease mine = router.lease("x");
    String home = id(mine.route());
    List<Lease> others = new ArrayList<>();
    for (String request : Routing.requests(2)) {
      others.add(router.lease(request));
    }

    Route refused = router.lease("x").route();
    assertThat(refused.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(refused.reason()).isEqualTo(Reason.BACKEND_FULL);
    assertThat(router.peek("x").name()).isEqualTo(home);
    assertThat(others).noneMatch(lease -> id(lease.route()).equals(home));
  }

  @Test
  void aRequestWithoutASessionIsLeasedToo() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    List<Lease> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(router.leaseBalanced("any"));
    }
    assertThat(held.stream().map(lease -> id(lease.route())))
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(router.leaseBalanced("any").backend()).isNull();
    assertThat(router.stats().count(Reason.IGNORED)).isEqualTo(3);
  }

  @Test
  void aRerouteGivesTheFailedConnectionBack() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    Lease lease = router.lease("x");
    String first = id(lease.route());

    Route next = router.reroute("x", lease);

    assertThat(id(next)).isNotEqualTo(first);
    assertThat(connections(pool, first)).isZero();
    assertThat(connections(pool, id(next))).isEqualTo(1);
    assertThat(lease.route()).isSameAs(next);
    lease.close();
    assertThat(connections(pool, id(next))).isZero();
    assertThatIllegalStateException()
        .isThrownBy(() -> router.reroute("x", lease))
        .withMessage("lease: closed (expected: open)");
  }

  @Test
  void aRerouteThatFindsNothing_endsTheLoop() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    Lease lease = router.lease("x");
    int tried = 0;
    while (lease.backend() != null) {
      router.reroute("x", lease);
      tried++;
    }
    assertThat(tried).isEqualTo(3);
    assertThat(List.of("a", "b", "c")).allMatch(name -> connections(pool, name) == 0);
    assertThat(router.peek("x").name()).isNull();
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
    StickyRouter<String> router = leasing(pool, Failover.LEND);
    CyclicBarrier barrier = new CyclicBarrier(64);
    AtomicInteger served = new AtomicInteger();

    Threads.together(64, thread -> {
      for (int round = 0; round < 500; round++) {
        try (Lease lease = router.lease("session-" + (thread + round) % 100)) {
          served.addAndGet(lease.backend() == null ? 0 : 1);
          barrier.await();
          assertThat(List.of("a", "b", "c")).allMatch(name -> connections(pool, name) == 5);
          barrier.await();
        }
        barrier.await();
      }
    });

    assertThat(served.get()).isEqualTo(500 * 15);
    assertThat(List.of("a", "b", "c")).allMatch(name -> connections(pool, name) == 0);
    assertThat(router.stats().requests()).isEqualTo(500 * 64);
  }

  @Test
  void whereNothingCanLend_theReasonIsThatAllAreFull() {
    StickyRouter<String> router = leasing(pool, Failover.LEND);
    String home = id(router.lease("x").route());
    List<Lease> others = Routing.requests(2).stream().map(router::lease).toList();
    pool.change(edit -> edit.down(home));

    assertThat(router.lease("x").route()).hasToString("NO_BACKEND (BACKEND_FULL)");
    others.forEach(Lease::close);
  }
}
