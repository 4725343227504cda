package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LbCookieResponseTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 199})
  void informationalResponses_areLeftAsTheyAre(int status) {
    Request request = Request.of();
    Route route = web.router.route(request);
    Response informational = Response.of(status).with("Set-Cookie", "limpet-web=x");

    web.router.onResponse(request, route, informational);

    assertThat(informational.changes()).isZero();
    Response response = Response.ok();
    web.router.onResponse(request, route, response);
    assertThat(response.setCookies()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 200, 204, 206, 302, 304, 400, 401, 500, 503, 599})
  void finalResponses_beginASession(int status) {
    Response response = Response.of(status);

    Route route = alice.visit(web.router, response);

    assertThat(response.setCookies()).hasSize(1);
    assertThat(alice.visit(web.router).backend()).isEqualTo(route.backend());
  }

  @Test
  void backendsCookieOfOurName_isReplacedByOurs() {
    Response response = Response.ok()
        .with(
            "Set-Cookie",
            "a=1",
            "limpet-web=theirs; Path=/",
            "limpet-web = x",
            "Limpet-Web=y",
            "b=2");

    alice.visit(web.router, response);

    assertThat(response.setCookies()).hasSize(4).startsWith("a=1", "Limpet-Web=y", "b=2");
    assertThat(response.setCookies().get(3)).matches("limpet-web=[A-Za-z0-9_-]{44}; .*");
    assertThat(web.router.responseStats().foreignSetCookies()).isEqualTo(2);
  }

  @Test
  void backendsCookieOfOurName_isRemovedWhereWeSetNone() {
    alice.visit(web.router);
    Response kept = Response.ok().with("Set-Cookie", "limpet-web=; Max-Age=0", "a=1");
    alice.visit(web.router, kept);
    Response only = Response.ok().with("Set-Cookie", "limpet-web=x");
    web.router.onResponse(Request.of(), web.router.routeUnbound(Request.of()), only);

    assertThat(kept.setCookies()).containsExactly("a=1");
    assertThat(only.setCookies()).isEmpty();
    assertThat(web.router.responseStats().foreignSetCookies()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void setCookie_tellsNeitherTheBackendNorItsAddress(boolean encrypted) {
    Pool pool = Pool.of("web", Backend.of("tenant-7", "203.0.113.77", 18_443));
    alice.visit(HttpRouter.of(
        pool,
        LbCookieAffinity.builder(pool, Response.ACCESS).encrypted(encrypted).build()));

    byte[] token = LbFixture.bytes(alice.cookie(LbFixture.COOKIE));
    assertThat(alice.setCookies().get(0) + new String(token, ISO_8859_1))
        .doesNotContain("tenant-7", "203.0.113.77", "18443")
        .doesNotContainIgnoringCase("cb00714d", "4d7100cb")
        .doesNotContain("\u00cb\u0000qM", "Mq\u0000\u00cb");
  }

  @Test
  void aResponseThatIsHandledTwice_hasOneCookie() {
    Request request = Request.of();
    Route route = web.router.route(request);
    Response response = Response.ok();

    web.router.onResponse(request, route, response);
    web.router.onResponse(request, route, response);

    assertThat(response.setCookies()).hasSize(1);
  }

  @Test
  void responsesThatSetTheCookie_areKeptFromSharedCaches() {
    Response response = Response.ok().with("Cache-Control", "public, max-age=60");

    alice.visit(web.router, response);

    assertThat(response.fields("Cache-Control")).containsExactly("public, max-age=60", "private");
  }

  @Test
  void responsesThatAreNotShared_keepTheirCacheControl() {
    Response response = Response.ok().with("Cache-Control", "max-age=60", "No-Cache");

    alice.visit(web.router, response);

    assertThat(response.fields("Cache-Control")).containsExactly("max-age=60", "No-Cache");
  }

  @Test
  void responsesThatDoNotSetTheCookie_keepTheirCacheControl() {
    alice.visit(web.router);
    Response response = Response.ok().with("Cache-Control", "public");

    alice.visit(web.router, response);

    assertThat(response.changes()).isZero();
  }

  @Test
  void cacheControlCanBeSwitchedOff() {
    HttpRouter<Request, Response> router = web.router(b -> b.cacheControl(false));
    Response response = Response.ok();

    alice.visit(router, response);

    assertThat(response.setCookies()).hasSize(1);
    assertThat(response.fields("Cache-Control")).isEmpty();
  }

  @Test
  void attributesAreAsConfigured() {
    HttpRouter<Request, Response> router = web.router(b -> b.secure(true)
        .hostPrefix(false)
        .domain("example.com")
        .path("/app")
        .sameSite(SameSite.NONE)
        .partitioned(true));

    alice.visit(router);

    assertThat(alice.setCookies())
        .singleElement()
        .asString()
        .matches("limpet-web=[A-Za-z0-9_-]{44}"
            + "; Path=/app; Domain=example\\.com; Secure; HttpOnly; SameSite=None; Partitioned");
  }

  @Test
  void secureCookies_haveTheHostPrefix() {
    HttpRouter<Request, Response> router = web.router(b -> b.secure(true));

    alice.visit(router);

    assertThat(alice.setCookies())
        .singleElement()
        .asString()
        .matches("__Host-limpet-web=[A-Za-z0-9_-]{44}; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(alice.visit(router).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.fieldsToBackend(alice.request())).isEqualTo(Map.of("Cookie", List.of()));
  }

  @Test
  void nothingThatIsShownOrThrownTellsTokenOrSecret() {
    alice.visit(web.router);
    Request request = alice.request();
    Route route = web.router.route(request);
    String token = alice.cookie(LbFixture.COOKIE);

    List<Object> shown = List.of(
        web.affinity,
        web.keys,
        route,
        web.router.peek(request),
        web.router.stats(),
        web.router.responseStats(),
        web.affinity.session(),
        LbFixture.token(token));

    assertThat(shown)
        .allSatisfy(each -> assertThat(each.toString())
            .doesNotContain(token.substring(0, 8), token.substring(20))
            .doesNotContain("AQEBAQEB", "01010101", "1, 1, 1, 1"));
    assertThat(web.affinity).hasToString("LbCookieAffinity[limpet-web, pool web]");
  }
}
