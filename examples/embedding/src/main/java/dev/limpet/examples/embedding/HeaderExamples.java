package dev.limpet.examples.embedding;

import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HeaderAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import java.time.Duration;

/** The examples of {@code docs/headers.md}. */
final class HeaderExamples extends Embedder {

  HttpRouter<Request, Response> learned(Pool pool, HttpAccess<Request, Response> access) {
    HeaderAffinity<Request, Response> affinity = HeaderAffinity.learned(access, "X-Session-Id")
        .environment(pool.environment()) // with its secret, others make the same hash choices
        .forgetOn(410) // the backends say 410 for a session that they do not know
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  HttpRouter<Request, Response> sealed(Pool pool, HttpAccess<Request, Response> access) {
    HeaderAffinity<Request, Response> affinity = HeaderAffinity.sealed(pool, access, "X-Session-Id")
        .session(StickySession.custom()
            .withMode(StickySession.Mode.ABSOLUTE)
            .withDuration(Duration.ofHours(8)))
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  HttpRouter<Request, Response> issued(Pool pool, HttpAccess<Request, Response> access) {
    HeaderAffinity<Request, Response> affinity = HeaderAffinity.issued(pool, access, "X-Route")
        .notOn(304) // a cache may store the fields of such a response
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  HeaderAffinity<Request, Response> ofUsers(Pool pool, HttpAccess<Request, Response> access) {
    return HeaderAffinity.sealed(pool, access, "X-Session-Id")
        .boundTo(request -> request.header("X-Authenticated-User"))
        .build();
  }

  void changeKeys(HeaderAffinity<Request, Response> affinity, CookieKeys keys, byte[] newSecret) {
    affinity.rotate(keys.with(2, newSecret)); // then at every other proxy, before the next step
  }
}
