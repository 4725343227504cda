package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** An asynchronous router and a synchronous one, over tables of their own, with the same history. */
class AsyncStickyRouterProperties {

  @Property
  void itAnswersAsTheSynchronousRouterDoes(
      @ForAll @Size(max = 60) List<@IntRange(max = 79) Integer> history,
      @ForAll Failover failover) {
    Pool pools = pool();
    Pool otherPools = pool();
    StickyRouter<String> router = StickyRouter.<String>builder(pools, affinity(Routing.table(4)))
        .profile(Profile.OPEN)
        .failover(failover)
        .build();
    Affinity<String> affinity = affinity(Routing.table(4));
    LateBinder binder = new LateBinder(affinity);
    AsyncStickyRouter<String> async = new AsyncStickyRouter<>(
        StickyRouter.<String>builder(otherPools, affinity).profile(Profile.OPEN).failover(failover),
        binder);

    for (int step : history) {
      if (step < 20) {
        change(pools, step);
        change(otherPools, step);
      } else {
        String request = "session-" + step % 6;
        Route route = router.route(request);
        Route same = binder.answered(() -> async.route(request));
        for (int again = step / 20; again > 1 && route.backend() != null; again--) {
          Route failed = same;
          assertThat(same).hasToString(route.toString());
          route = router.reroute(request, route);
          same = binder.answered(() -> async.reroute(request, failed));
        }
        assertThat(same).hasToString(route.toString());
      }
    }
    assertThat(async.stats()).hasToString(router.stats().toString());
  }

  /** Its picks are the same in every pool. */
  private static Pool pool() {
    return Pool.builder("pool")
        .balancer(new WeightedRendezvous())
        .backends(List.of(backend("b0"), backend("b1", 3), backend("b2")))
        .build();
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
