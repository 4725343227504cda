package dev.limpet.core;

import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RouterStatsTest {

  @Test
  void requestsAreTheSumOfOutcomesAndReroutesCountApart() {
    Pool pool = pool("a", "b");
    StickyRouter<String> router = router(pool, Routing.table(10), Failover.MOVE);

    Route route = router.route("alice");
    router.reroute("alice", route);
    router.route("alice");
    router.route("");
    router.routeUnbound("alice");
    requests(20).forEach(router::route);
    pool.change(edit -> edit.remove("a"));
    requests(20).forEach(router::route);
    pool.change(edit -> edit.down("b"));
    requests(20).forEach(router::route);

    RouterStats stats = router.stats();
    assertThat(stats.requests()).isEqualTo(4 + 3 * 20);
    assertThat(sum(stats)).isEqualTo(stats.requests());
    assertThat(stats.reroutes()).isEqualTo(1);
    assertThat(stats.rerouted(Outcome.NEW)).isEqualTo(1);
    assertThat(stats.count(Outcome.NEW, Reason.UNKNOWN)).isEqualTo(10);
    assertThat(stats.count(Outcome.UNBOUND)).isEqualTo(2);
    assertThat(stats.count(Outcome.UNBOUND, Reason.IGNORED)).isEqualTo(1);
    assertThat(stats.count(Outcome.HASHED, Reason.TABLE_FULL)).isEqualTo(22);
    assertThat(stats.count(Outcome.NO_BACKEND)).isEqualTo(20);
    assertThat(stats.count(Reason.NO_KEY)).isEqualTo(1);
  }

  @Test
  void everyOutcomeIsCountedForItsReason() {
    RouteCounts.Adder adder = new RouteCounts.Adder();
    for (Outcome outcome : Outcome.values()) {
      adder.add(new Route(null, outcome, null, null, null));
      for (Reason reason : Reason.values()) {
        adder.add(new Route(null, outcome, reason, null, null));
      }
    }
    RouterStats stats = new RouterStats(adder.counts(), new RouteCounts.Adder().counts(), 7, 3);

    int reasons = Reason.values().length;
    int outcomes = Outcome.values().length;
    assertThat(stats.requests()).isEqualTo((long) outcomes * (reasons + 1));
    assertThat(Outcome.values())
        .allSatisfy(outcome -> assertThat(stats.count(outcome)).isEqualTo(reasons + 1))
        .allSatisfy(outcome -> assertThat(Reason.values())
            .allSatisfy(reason -> assertThat(stats.count(outcome, reason)).isEqualTo(1)));
    assertThat(Reason.values())
        .allSatisfy(reason -> assertThat(stats.count(reason)).isEqualTo(outcomes));
    assertThat(stats.listenerFailures()).isEqualTo(7);
    assertThat(stats.abandonedRoutes()).isEqualTo(3);
    assertThat(stats.reroutes()).isZero();
  }

  @Test
  void aValueDoesNotChange() {
    StickyRouter<String> router = router(pool("a"));
    router.route("alice");
    RouterStats before = router.stats();

    router.route("alice");

    assertThat(before.requests()).isEqualTo(1);
    assertThat(before)
        .hasToString("requests 1 {NEW=1}, reroutes 0 {}, listener failures 0, abandoned routes 0");
    assertThat(router.stats())
        .hasToString(
            "requests 2 {NEW=1, KEPT=1}, reroutes 0 {}, listener failures 0, abandoned routes 0");
  }

  private static long sum(RouterStats stats) {
    return Arrays.stream(Outcome.values()).mapToLong(stats::count).sum();
  }
}
