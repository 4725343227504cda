package dev.limpet.core;

import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routers that continue the statistics of others. */
class ContinuedRouterTest {

  @Test
  void bothRouters_countIntoTheSameStatistics() {
    Pool pool = pool("a", "b");
    StickyRouter<String> before = router(pool, Routing.table(10), Failover.MOVE);
    Route first = before.route("alice");
    List<Route> heard = new ArrayList<>();
    StickyRouter<String> after = StickyRouter.<String>builder(pool, Affinity.none())
        .listener((request, route) -> heard.add(route))
        .continuing(before)
        .build();

    Route unbound = after.route("alice");
    Route again = before.reroute("alice", first);

    assertThat(after.stats().requests()).isEqualTo(2);
    assertThat(after.stats().count(Outcome.NEW)).isEqualTo(1);
    assertThat(after.stats().count(Outcome.UNBOUND)).isEqualTo(1);
    assertThat(after.stats().reroutes()).isEqualTo(1);
    assertThat(before.stats()).hasToString(after.stats().toString());
    assertThat(heard).containsExactly(unbound);
    assertThat(again.backend()).isNotNull();
  }

  @Test
  void aRouterOfAnotherPool_isRefused() {
    StickyRouter<String> before = router(pool("a"), Routing.table(10), Failover.MOVE);
    Pool other = pool("a");
    assertThatThrownBy(
            () -> StickyRouter.<String>builder(other, Affinity.none()).continuing(before))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("previous: a router of another pool object, ");
  }
}
