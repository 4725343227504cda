package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.examples.embedding.CookieExamples.MyAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.PrefixCookieAffinity;
import dev.limpet.l7.StickyExchange;
import java.time.Duration;
import java.util.List;

/** The examples of {@code docs/prefix-cookies.md}. */
final class PrefixCookieExamples extends Embedder {

  HttpRouter<Request, Response> byPrefix(List<Backend> backends, byte[] secret) {
    Pool pool = Pool.builder("web")
        .backends(backends)
        .environment(Environment.of(secret)) // the same at all proxies, and after a restart
        .build();
    PrefixCookieAffinity<Request, Response> affinity = PrefixCookieAffinity.builder(
            pool, new MyAccess(), "SESSION")
        .duration(Duration.ofHours(8)) // at least as long as the application's sessions
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  Response exchange(HttpRouter<Request, Response> router, Request request) {
    try (StickyExchange<Request, Response> exchange = router.begin(request)) {
      Response response = send(request, exchange.fieldsToBackend(), exchange.backend());
      exchange.responded(response); // puts the prefix on
      return response;
    }
  }
}
