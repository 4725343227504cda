package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.time.Duration;
import java.util.List;

/** The examples of {@code docs/connections.md}. */
final class ConnectionExamples extends Embedder {

  StickyRouter<Request> limited(
      Backend web1, Backend web2, Affinity<Request> affinity, Request request) {
    Pool pool = Pool.builder("web")
        .backends(List.of(web1.withMaxConnections(100), web2.withMaxConnections(100)))
        .countConnections()
        .build();
    StickyRouter<Request> router = StickyRouter.of(pool, affinity);

    try (Route route = router.route(request)) { // holds a connection of its backend
      send(request, route.backend());
    }
    return router;
  }

  void limitedAndRerouted(StickyRouter<Request> router, Request request) {
    Route route = router.route(request);
    try {
      while (route.backend() != null && !reaches(route.backend())) {
        route = router.reroute(request, route); // gives the failed connection back
      }
      send(request, route.backend());
    } finally {
      route.close();
    }
  }

  Pool withASlowStartAndASpare(Backend web1, Backend web2, Backend spare) {
    Pool pool = Pool.builder("web")
        .backends(List.of(web1, web2, spare.withTier(1)))
        .slowStart(Duration.ofSeconds(30))
        .build();
    return pool;
  }
}
