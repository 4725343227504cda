package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** One router that is asked for stages and one that is asked for routes, with the same history. */
class RouteAsyncProperties {

  @Property
  void routeAsync_answersAsRouteDoes(
      @ForAll @Size(max = 60) List<@IntRange(max = 79) Integer> history,
      @ForAll Failover failover,
      @ForAll boolean counts) {
    Pool pools = pool(counts);
    Pool otherPools = pool(counts);
    StickyRouter<String> router = StickyRouter.<String>builder(pools, affinity(Routing.table(4)))
        .failover(failover)
        .build();
    LateTable table = new LateTable(Routing.table(4));
    StickyRouter<String> async = StickyRouter.<String>builder(otherPools, affinity(table))
        .failover(failover)
        .build();

    for (int step : history) {
      if (step < 20) {
        change(pools, step);
        change(otherPools, step);
      } else {
        String request = "session-" + step % 6;
        Route route = router.route(request);
        Route same = table.answered(() -> async.routeAsync(request));
        for (int again = step / 20; again > 1 && route.backend() != null; again--) {
          Route failed = same;
          assertThat(failed).hasToString(route.toString());
          route = router.reroute(request, route);
          same = table.answered(() -> async.rerouteAsync(request, failed));
        }
        assertThat(same).hasToString(route.toString());
        route.close();
        same.close();
      }
    }
    assertThat(pools.heldRoutes().size() + otherPools.heldRoutes().size()).isZero();
    assertThat(async.stats()).hasToString(router.stats().toString());
  }

  @Property
  void aTableThatAnswersAtOnce_completesEveryStageAtOnce(
      @ForAll @Size(max = 60) List<@IntRange(max = 79) Integer> history, @ForAll boolean counts) {
    Pool pool = pool(counts);
    StickyRouter<String> router = StickyRouter.of(pool, affinity(Routing.table(4)));

    for (int step : history) {
      if (step < 20) {
        change(pool, step);
      } else {
        String request = "session-" + step % 6;
        Route route = router.routeAsync(request).toCompletableFuture().getNow(null);
        if (route.backend() != null) {
          route = router.rerouteAsync(request, route).toCompletableFuture().getNow(null);
        }
        route.close();
      }
    }
    assertThat(pool.heldRoutes().size()).isZero();
  }

  /** Its picks are the same in every pool. */
  private static Pool pool(boolean counts) {
    Backend[] backends = {backend("b0"), backend("b1", 3), backend("b2")};
    return counts
        ? Routing.counting(new WeightedRendezvous(), backends)
        : Routing.pool(new WeightedRendezvous(), backends);
  }

  private static void change(Pool pool, int step) {
    String id = "b" + step % 3;
    pool.change(edit -> {
      switch (step % 5) {
        case 0 -> edit.drain(id);
        case 1 -> edit.ready(id);
        case 2 -> edit.down(id);
        default -> edit.up(id);
      }
    });
  }
}
