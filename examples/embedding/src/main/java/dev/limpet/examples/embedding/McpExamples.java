package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l7.HeaderAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.McpAffinity;
import dev.limpet.l7.McpKeys;
import dev.limpet.l7.StickyExchange;
import java.util.List;

/** The examples of {@code docs/mcp.md}. */
final class McpExamples extends Embedder {

  HttpRouter<Request, Response> sessions(
      List<Backend> servers, byte[] secret, HttpAccess<Request, Response> access) {
    Pool pool = Pool.builder("mcp")
        .backends(servers)
        .environment(Environment.of(secret)) // the same at all proxies, and after a restart
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, McpAffinity.of(pool, access));
    return router;
  }

  Response handle(HttpRouter<Request, Response> router, Request request) {
    try (StickyExchange<Request, Response> exchange = router.begin(request)) {
      while (exchange.backend() != null && !reaches(exchange.backend())) {
        exchange.connectFailed(); // only a request without a session has another server
      }
      if (exchange.backend() == null) {
        return new Response(exchange.statusWithoutBackend(), new Headers()); // 404 or 503
      }
      Response response = send(request, exchange.fieldsToBackend(), exchange.backend());
      exchange.responded(response); // seals the id
      return response;
    }
  }

  HttpRouter<Request, Response> learned(Pool pool, HttpAccess<Request, Response> access) {
    HeaderAffinity<Request, Response> affinity = McpAffinity.learned(
            access,
            (session, environment) -> CompactStickyTable.of(session, 100_000, environment.clock()))
        .environment(pool.environment())
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  HttpRouter<Request, Response> withSharedSessions(
      Pool pool, HeaderAffinity<Request, Response> affinity) {
    HttpRouter<Request, Response> router =
        HttpRouter.builder(pool, affinity).failover(Failover.MOVE).build();
    return router;
  }

  HeaderAffinity<Request, Response> ofUsers(Pool pool, HttpAccess<Request, Response> access) {
    return McpAffinity.sealed(pool, access)
        .boundTo(request -> request.header("X-Authenticated-User"))
        .build();
  }

  KeyAffinity<Request> tasks(Pool pool, HttpAccess<Request, Response> access) {
    KeyExtractor<Request> task = McpKeys.task(access);
    KeyAffinity<Request> tasks =
        KeyAffinity.builder(task).environment(pool.environment()).build();
    return tasks;
  }

  HttpRouter<Request, Response> bothEras(
      Pool pool, HttpAccess<Request, Response> access, KeyAffinity<Request> tasks) {
    HttpAffinity<Request, Response> affinity =
        McpAffinity.of(pool, access).orElse(HttpAffinity.of(tasks, access));
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  void bind(KeyAffinity<Request> tasks, String taskId, Backend server) {
    long key = tasks.environment().hasher().string(taskId);
    tasks.bind(key, null, server.name(), true);
  }

  KeyExtractor<Request> basket(HttpAccess<Request, Response> access) {
    KeyExtractor<Request> basket = McpKeys.param(access, "Basket");
    return basket;
  }
}
