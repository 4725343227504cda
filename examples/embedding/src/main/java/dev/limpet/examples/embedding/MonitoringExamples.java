package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;

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
}
