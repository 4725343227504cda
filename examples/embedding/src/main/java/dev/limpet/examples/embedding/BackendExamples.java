package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Drained;
import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** The examples of {@code docs/backends.md}. */
final class BackendExamples extends Embedder {

  void change(Pool pool) {
    pool.change(edit -> edit.drain("web1").add(Backend.of("web4", "10.0.0.24", 8080)));
  }

  void drainAndWait(Pool pool, StickyRouter<Request> router, ScheduledExecutorService executor) {
    router.drain("web1", Duration.ofMinutes(30), executor).thenAccept(drained -> {
      log.info(
          "web1: {}, {} sessions left", drained.result(), drained.remaining().bindings());
      if (drained.result() == Drained.Result.DRAINED
          || drained.result() == Drained.Result.DEADLINE_PASSED) { // not made ready meanwhile
        pool.change(edit -> edit.remove("web1"));
      }
    });
  }

  void report(Pool pool, boolean healthy) {
    pool.change(edit -> {
      if (healthy) {
        edit.up("web1");
      } else {
        edit.down("web1");
      }
    });
  }

  StickyRouter<Request> strict(Pool pool, Affinity<Request> affinity) {
    StickyRouter<Request> router =
        StickyRouter.builder(pool, affinity).failover(Failover.STRICT).build();
    return router;
  }

  StickyRouter<Request> returning(Pool pool, Affinity<Request> affinity) {
    StickyRouter<Request> router =
        StickyRouter.builder(pool, affinity).returnToEarlierTier(true).build();
    return router;
  }

  Route reroute(StickyRouter<Request> router, Request request) {
    Route route = router.route(request);
    while (route.backend() != null && !reaches(route.backend())) {
      route = router.reroute(request, route);
    }
    return route;
  }
}
