package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.affinity.KeyAffinity;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EndSessionTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void aCookieIsDeletedWithTheAttributesItWasSetWith() {
    for (UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings :
        List.<UnaryOperator<LbCookieAffinityBuilder<Request, Response>>>of(
            b -> b,
            b -> b.secure(true),
            b -> b.secure(true).sameSite(SameSite.NONE).partitioned(true),
            b -> b.path("/app").domain("example.com"))) {
      HttpRouter<Request, Response> router = web.router(settings);
      Browser browser = new Browser();
      browser.visit(router);
      String set = browser.setCookies().get(0);
      Response response = Response.ok();

      router.endSession(browser.request(), response);

      assertThat(response.setCookies())
          .containsExactly(set.replaceFirst("=[^;]*", "=") + "; Max-Age=0");
    }
  }

  @Test
  void aSessionMayEnd_beforeOrAfterItsResponseIsHandled() {
    alice.visit(web.router);
    web.clock.advance(LbFixture.THRESHOLD);
    Request request = alice.request();
    Route route = web.router.route(request);
    Response before = Response.ok();
    web.router.endSession(request, before);
    web.router.onResponse(request, route, before);
    Response after = Response.ok();
    web.router.onResponse(request, route, after);
    web.router.endSession(request, after);

    assertThat(before.setCookies())
        .isEqualTo(after.setCookies())
        .singleElement()
        .asString()
        .endsWith("; Max-Age=0");
    assertThat(web.router.responseStats().foreignSetCookies()).isZero();
  }

  @Test
  void aClientThatHearsOfIt_deletesItsCookie() throws IOException {
    HttpRouter<Request, Response> router =
        web.router(b -> b.secure(true).hostPrefix(false).path("/app").domain("example.com"));
    CookieManager client = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    URI uri = URI.create("https://www.example.com/app/index.html");
    Response first = Response.ok();
    router.onResponse(Request.of(), router.route(Request.of()), first);
    client.put(uri, Map.of("Set-Cookie", first.setCookies()));
    List<String> cookies = client.get(uri, Map.of()).get("Cookie");
    assertThat(cookies).hasSize(1);
    Response last = Response.ok();

    router.endSession(new Request(cookies), last);
    client.put(uri, Map.of("Set-Cookie", last.setCookies()));

    assertThat(client.getCookieStore().getCookies()).isEmpty();
  }

  @Test
  void theNextRequest_beginsANewSession() {
    alice.visit(web.router);
    Response response = Response.ok();
    web.router.endSession(alice.request(), response);
    alice.with(LbFixture.COOKIE, "");

    Route route = alice.visit(web.router);

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(route.reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void aCookieThatWasSetInTheSameResponse_isReplacedAndOthersStay() {
    Response response = Response.ok().with("Set-Cookie", "theme=dark");
    Request request = Request.of();
    web.router.onResponse(request, web.router.route(request), response);

    web.router.endSession(request, response);

    assertThat(response.setCookies())
        .containsExactly("theme=dark", "limpet-web=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
  }

  @Test
  void sharedCaches_doNotKeepTheDeletion() {
    Response response = Response.ok().with("Cache-Control", "max-age=60");
    Response kept = Response.ok();

    web.router.endSession(Request.of(), response);
    web.router(b -> b.cacheControl(false)).endSession(Request.of(), kept);

    assertThat(response.fields("Cache-Control")).containsExactly("max-age=60", "private");
    assertThat(kept.fields("Cache-Control")).isEmpty();
  }

  @Test
  void anAppCookiesSession_isUnboundAndTheResponseStays() {
    AppFixture app = new AppFixture();
    Request request = Request.of("SID=x");
    app.router.onResponse(
        request, app.router.route(request), Response.ok().with("Set-Cookie", "SID=x"));
    assertThat(app.router.route(request).outcome()).isEqualTo(Outcome.KEPT);
    Response response = Response.ok();

    app.router.endSession(request, response);

    assertThat(app.router.route(request).outcome()).isNotEqualTo(Outcome.KEPT);
    assertThat(response.changes()).isZero();
  }

  @Test
  void aKeysSession_isUnboundAndTheResponseStays() {
    HttpRouter<Request, Response> router = HttpRouter.of(
        web.pool,
        HttpAffinity.of(
            KeyAffinity.builder(KeyExtractor.<Request>number(any -> 1)).build(), Response.ACCESS));
    router.route(Request.of());
    assertThat(router.route(Request.of()).outcome()).isEqualTo(Outcome.KEPT);
    Response response = Response.ok();

    router.endSession(Request.of(), response);

    assertThat(router.route(Request.of()).outcome()).isEqualTo(Outcome.NEW);
    assertThat(response.changes()).isZero();
  }

  @Test
  void aCookieThatWasSetOverTls_isDeletedThere() throws IOException {
    CookieManager client = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    URI uri = URI.create("https://www.example.com/");
    Request request = Request.of().secure();
    Response first = Response.ok();
    web.router.onResponse(request, web.router.route(request), first);
    client.put(uri, Map.of("Set-Cookie", first.setCookies()));
    assertThat(client.getCookieStore().getCookies()).singleElement().matches(HttpCookie::getSecure);
    Response last = Response.ok();

    web.router.endSession(new Request(client.get(uri, Map.of()).get("Cookie"), true), last);
    client.put(uri, Map.of("Set-Cookie", last.setCookies()));

    assertThat(client.getCookieStore().getCookies()).isEmpty();
  }

  @Test
  void whereNothingIsSticky_nothingHappens() {
    Pool pool = Pool.of("web", LbFixture.backend("a"));
    HttpRouter<Request, Response> router =
        HttpRouter.of(pool, HttpAffinity.of(Affinity.<Request>none(), Response.ACCESS));
    Response response = Response.ok();

    router.endSession(Request.of(), response);

    assertThat(response.changes()).isZero();
  }
}
