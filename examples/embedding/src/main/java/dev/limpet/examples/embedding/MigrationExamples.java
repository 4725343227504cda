package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.RouteSuffixAffinity;

/** The example of {@code docs/migrate-jvmroute.md}. */
final class MigrationExamples extends Embedder {

  HttpRouter<Request, Response> ofJvmRoutes(HttpAccess<Request, Response> access) {
    Pool pool = Pool.of(
        "shop",
        Backend.of("node1", "10.0.0.21", 8080), // the id is the route
        Backend.of("node2", "10.0.0.22", 8080));
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool,
        RouteSuffixAffinity.builder(access).environment(pool.environment()).build());
    return router;
  }
}
