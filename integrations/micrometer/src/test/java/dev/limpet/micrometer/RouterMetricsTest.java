package dev.limpet.micrometer;

import static dev.limpet.micrometer.Routing.affinity;
import static dev.limpet.micrometer.Routing.backend;
import static dev.limpet.micrometer.Routing.counting;
import static dev.limpet.micrometer.Routing.pool;
import static dev.limpet.micrometer.Routing.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RouterMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Reader reader = new Reader(registry);

  @Test
  void allOutcomesAndReasons_areThereFromTheBeginning() {
    RouterMetrics.of(Routing.router(pool("a"))).bindTo(registry);

    assertThat(reader.values(LimpetMeter.REQUESTS, "outcome")).hasSize(Outcome.values().length);
    assertThat(reader.values(LimpetMeter.REQUESTS, "reason")).hasSize(Reason.values().length + 1);
    assertThat(reader.values(LimpetMeter.REROUTES, "outcome")).hasSize(Outcome.values().length);
    assertThat(reader.sum(LimpetMeter.REQUESTS)).isZero();
  }

  @Test
  void everyRequest_countsOnce() {
    Pool pool = pool("a", "b");
    StickyRouter<String> router = Routing.router(pool, Failover.STRICT);
    RouterMetrics.of(router, "front").bindTo(registry);

    router.route("alice");
    Route kept = router.route("alice");
    router.routeUnbound("bob");
    pool.change(edit -> edit.down(Routing.id(kept)));
    router.route("alice");
    router.reroute("alice", kept);
    pool.follow(List.of());
    router.route("carol");

    assertCounted(1, Outcome.NEW, "unknown");
    assertCounted(1, Outcome.KEPT, "none");
    assertCounted(1, Outcome.UNBOUND, "ignored");
    assertCounted(1, Outcome.REFUSED, "backend_down");
    assertThat(reader.sum(LimpetMeter.REQUESTS, "outcome", "no_backend")).isEqualTo(1);
    assertThat(reader.sum(LimpetMeter.REQUESTS)).isEqualTo(5);
    assertThat(router.stats().requests()).isEqualTo(5);
    assertThat(reader.sum(LimpetMeter.REROUTES)).isEqualTo(1);
  }

  private void assertCounted(int count, Outcome outcome, String reason) {
    assertThat(reader.value(
            LimpetMeter.REQUESTS,
            "pool",
            "pool",
            "router",
            "front",
            "outcome",
            TagValues.of(outcome),
            "reason",
            reason))
        .as(outcome + " " + reason)
        .isEqualTo(count);
  }

  @Test
  void failuresOfTheListener_areCounted() {
    StickyRouter<String> router = StickyRouter.<String>builder(pool("a"), affinity(table(10)))
        .listener((request, route) -> {
          throw new IllegalStateException();
        })
        .build();
    RouterMetrics.of(router).bindTo(registry);

    router.route("alice");

    assertThat(reader.sum(LimpetMeter.LISTENER_FAILURES, "pool", "pool", "router", "pool"))
        .isEqualTo(1);
  }

  @Test
  @Timeout(60)
  void abandonedRoutes_areCounted() throws InterruptedException {
    StickyRouter<String> router = Routing.router(counting(backend("a")));
    RouterMetrics.of(router).bindTo(registry);
    abandon(router);

    while (router.stats().abandonedRoutes() == 0) {
      System.gc();
      Thread.sleep(1); // until the collector has found it
    }

    assertThat(reader.sum(LimpetMeter.ABANDONED_ROUTES)).isEqualTo(1);
  }

  private static void abandon(StickyRouter<String> router) {
    assertThat(router.route("alice").backend()).isNotNull();
  }
}
