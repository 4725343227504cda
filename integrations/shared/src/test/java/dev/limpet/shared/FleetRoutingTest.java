package dev.limpet.shared;

import static dev.limpet.shared.Fleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What {@code routeAsync} promises to a fleet, and how far {@code route}, which does not wait, is
 * from it.
 */
class FleetRoutingTest {
  private static final int SESSIONS = 2_000;
  private static final Duration ANSWERED = Duration.ofMillis(2);

  private final Fleet fleet = new Fleet(3, "a", "b", "c");
  private final Fleet.Proxy left = fleet.proxy(0);
  private final Fleet.Proxy right = fleet.proxy(1);

  @Test
  void routeAsync_ofProxiesWhoseWeightsDiffer_agreesAtOnceAndOneIsNew() {
    differ();

    for (long session = 0; session < SESSIONS; session++) {
      List<Route> routes = everywhere(session);
      assertThat(routes.stream().map(route -> route.backend().id()).distinct()).hasSize(1);
      assertThat(routes).filteredOn(route -> route.outcome() == Outcome.NEW).hasSize(1);
      assertThat(routes).filteredOn(route -> route.outcome() == Outcome.KEPT).hasSize(2);
    }
    assertThat(count(Outcome.NEW)).isEqualTo(SESSIONS);
  }

  /** Each session comes to another proxy first. */
  private List<Route> everywhere(long session) {
    return LongStream.range(0, 3)
        .mapToObj(i -> fleet.proxy((int) ((session + i) % 3)).route(session))
        .toList();
  }

  @Test
  void route_ofProxiesWhoseWeightsDiffer_agreesOnceTheStoreHasAnswered() {
    differ();
    fleet.proxies.forEach(proxy -> proxy.link.delay(() -> Duration.ofMillis(1)));
    int wrong = 0;
    for (long session = 0; session < SESSIONS; session++) {
      String first = left.router.route(session).backend().id();
      fleet.time.pass(ANSWERED);
      wrong += right.router.route(session).backend().id().equals(first) ? 0 : 1;
      fleet.time.pass(ANSWERED);

      assertThat(right.router.route(session)).hasToString("KEPT " + first);
    }
    assertThat(wrong).isBetween(SESSIONS / 4, SESSIONS);
  }

  @Test
  void route_ofASessionThatMovedElsewhere_isWrongAtMostOnce() {
    fleet.proxies.forEach(proxy -> proxy.link.delay(() -> Duration.ofMillis(1)));
    int wrong = 0;
    for (long session = 0; session < 100; session++) {
      String moved = moved(session);
      wrong += right.router.route(session).backend().id().equals(moved) ? 0 : 1;
      fleet.time.pass(ANSWERED);

      assertThat(right.router.route(session)).hasToString("KEPT " + moved);
      assertThat(fleet.store.get(key(session)).name()).isEqualTo(moved);
    }
    assertThat(wrong).isEqualTo(100);
  }

  @Test
  void routeAsync_ofASessionThatMovedElsewhere_isRightAtOnce() {
    for (long session = 0; session < 100; session++) {
      String moved = moved(session);

      assertThat(right.route(session)).hasToString("KEPT " + moved);
    }
  }

  /**
   * Lets a session move at the left proxy, and says where to; the right one never saw it, and would
   * choose its old backend.
   */
  private String moved(long session) {
    left.router.route(session);
    fleet.time.pass(ANSWERED);
    String old = left.router.route(session).backend().id();
    left.pool.change(edit -> edit.down(old));
    Route moved = left.router.route(session);
    left.pool.change(edit -> edit.up(old));
    fleet.time.pass(ANSWERED);
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    return moved.backend().id();
  }

  @Test
  void route_ofASessionThatTheProxyKnew_hearsOfTheMove() {
    String old = left.router.route(1L).backend().id();
    assertThat(right.router.route(1L).backend().id()).isEqualTo(old);
    left.pool.change(edit -> edit.down(old));
    String moved = left.router.route(1L).backend().id();
    left.pool.change(edit -> edit.up(old));

    right.router.route(1L);

    assertThat(right.router.route(1L)).hasToString("KEPT " + moved);
  }

  @Test
  void twoAffinitiesThatShareATable_shareItsSessions() {
    Pool pool = Pool.of("web", Backend.of("a", "10.0.0.1", 1), Backend.of("b", "10.0.0.1", 2));
    StickyRouter<Long> other = StickyRouter.of(pool, left.affinity().build());
    left.pool.change(edit -> edit.remove("c"));
    LongStream.range(0, 100).forEach(left::route);
    long calls = left.link.calls();

    for (long session = 0; session < 100; session++) {
      String bound = left.backend(session);
      assertThat(other.route(session)).hasToString("KEPT " + bound);
    }
    assertThat(left.link.calls()).isEqualTo(calls);
    assertThat(fleet.store.size()).isEqualTo(100);

    assertThat(other.unbind(1L)).isTrue();
    assertThat(left.router.peek(1L).name()).isNull();
    assertThat(fleet.store.get(key(1))).isNull();
  }

  @Test
  void twoAffinitiesOfOneStore_findEachOthersSessions() {
    StickyRouter<Long> other = StickyRouter.of(
        left.pool,
        left.affinity()
            .table(SharedTable.builder(left.link).capacity(100)::build)
            .build());
    left.pool.change(edit -> edit.drain("a"));
    String bound = left.backend(1);
    left.pool.change(edit -> edit.ready("a").drain(bound));

    Route found = other.routeAsync(1L).toCompletableFuture().join();
    assertThat(found).hasToString("KEPT " + bound);
    left.pool.change(edit -> edit.remove(bound));
    String moved = left.backend(1);
    Route after = other.routeAsync(1L).toCompletableFuture().join();

    assertThat(after).hasToString("KEPT " + moved);
  }

  private void differ() {
    left.pool.change(edit -> edit.add(Backend.of("d", "10.0.0.1", 1).withWeight(256)));
    right.pool.change(edit -> edit.add(Backend.of("d", "10.0.0.1", 1)));
    fleet.proxy(2).pool.change(edit -> edit.add(Backend.of("d", "10.0.0.1", 1).withWeight(9)));
  }

  private long count(Outcome outcome) {
    return fleet.proxies.stream()
        .mapToLong(proxy -> proxy.router.stats().count(outcome))
        .sum();
  }
}
