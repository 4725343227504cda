package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Drained;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;
import dev.limpet.jfr.JfrEvents;
import dev.limpet.micrometer.LimpetMetrics;
import dev.limpet.micrometer.StoreMetrics;
import dev.limpet.redis.RedisStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/** The examples of {@code docs/monitoring.md}. */
final class MonitoringExamples extends Embedder {

  void count(StickyRouter<Request> router) {
    RouterStats stats = router.stats();
    log.info("{} requests, {} moved", stats.requests(), stats.count(Outcome.MOVED));
  }

  StickyRouter<Request> listen(Pool pool, Affinity<Request> affinity) {
    StickyRouter<Request> router = StickyRouter.builder(pool, affinity)
        .listener((request, route) -> {
          if (route.outcome() == Outcome.MOVED) {
            log.info("session moved: {}", route); // names the backend, nothing of the session
          }
        })
        .build();
    return router;
  }

  void publish(MeterRegistry registry, StickyRouter<Request> router) {
    LimpetMetrics.bind(registry, router);
  }

  LimpetMetrics publishAll(
      MeterRegistry registry,
      StickyRouter<Request> web,
      StickyRouter<Request> api,
      RedisStore store) {
    LimpetMetrics metrics = LimpetMetrics.builder()
        .router("web", web)
        .router("api", api) // of the same pool, or of another one
        .maxBackends(50)
        .build();
    metrics.bindTo(registry);
    StoreMetrics.of(store).bindTo(registry);
    return metrics;
  }

  StickyRouter<Request> record(Pool pool, Affinity<Request> affinity) {
    StickyRouter<Request> router = StickyRouter.builder(pool, affinity)
        .listener(JfrEvents.listener(pool)) // or yours.andThen(JfrEvents.listener(pool))
        .build();
    return router;
  }

  CompletionStage<Drained> recordDrain(
      StickyRouter<Request> router, ScheduledExecutorService executor) {
    CompletionStage<Drained> drain = router.drain("web1", Duration.ofMinutes(30), executor);
    JfrEvents.recordDrain(router.pool(), "web1", drain);
    return drain;
  }
}
