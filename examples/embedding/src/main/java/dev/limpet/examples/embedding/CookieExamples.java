package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.StickyExchange;
import java.time.Duration;
import java.util.List;

/** The examples of {@code docs/cookies.md}. */
final class CookieExamples extends Embedder {

  static final class MyAccess implements HttpAccess<Request, Response> {
    @Override
    public List<String> requestFields(Request request, String name) {
      return request.headers().get(name);
    }

    @Override
    public boolean isSecure(Request request) {
      return request.isTls();
    }

    @Override
    public int status(Response response) {
      return response.status();
    }

    @Override
    public List<String> fields(Response response, String name) {
      return response.headers().get(name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      response.headers().set(name, values);
    }
  }

  HttpRouter<Request, Response> byLbCookie(List<Backend> backends, byte[] secret) {
    Pool pool = Pool.builder("web")
        .backends(backends)
        .environment(Environment.of(secret)) // the same at all proxies, and after a restart
        .build();
    HttpRouter<Request, Response> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new MyAccess()).build());
    return router;
  }

  Response exchange(HttpRouter<Request, Response> router, Request request) {
    try (StickyExchange<Request, Response> exchange = router.begin(request)) {
      Response response = send(request, exchange.fieldsToBackend(), exchange.backend());
      exchange.responded(response); // sets the cookie if there is one to set
      return response;
    }
  }

  HttpRouter<Request, Response> byAppCookie(Pool pool) {
    AppCookieAffinity<Request, Response> affinity = AppCookieAffinity.builder(new MyAccess())
        .session(StickySession.appCookie("JSESSIONID").withDuration(Duration.ofHours(8)))
        .environment(pool.environment()) // with its secret, others make the same hash choices
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  HttpRouter<Request, Response> untilTheLogIn(
      Pool pool,
      AppCookieAffinity<Request, Response> appCookie,
      LbCookieAffinity<Request, Response> lbCookie) {
    HttpAffinity<Request, Response> affinity = appCookie.orElse(lbCookie);
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    return router;
  }

  LbCookieAffinity<Request, Response> withKeysOfItsOwn(Pool pool, byte[] secret) {
    CookieKeys keys = CookieKeys.builder().signing(1, secret).build();
    return LbCookieAffinity.builder(pool, new MyAccess()).keys(keys).build();
  }

  CookieKeys fromConfiguration(String newest, String older) {
    CookieKeys keys = CookieKeys.parse("2:hex:" + newest + ", 1:hex:" + older);
    return keys;
  }

  void changeKeys(LbCookieAffinity<Request, Response> affinity, CookieKeys keys, byte[] newSecret) {
    affinity.rotate(keys.with(2, newSecret)); // then at every other proxy, before the next step
  }
}
