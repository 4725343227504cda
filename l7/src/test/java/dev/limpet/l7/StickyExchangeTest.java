package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StickyExchangeTest {
  private final ExchangeScene scene = ExchangeScene.counted();
  private final Browser alice = new Browser();

  @Test
  void theCookiesOfARequestAreReadOnce() {
    assertReadOnce(ExchangeScene.counted());
    assertReadOnce(ExchangeScene.uncounted());
  }

  private static void assertReadOnce(ExchangeScene web) {
    for (HttpAffinity<Sent, Response> affinity : List.of(web.lb, web.app, web.app.orElse(web.lb))) {
      HttpRouter<Sent, Response> router = web.router(affinity);
      Browser client = new Browser();
      ExchangeScene.visit(router, client, AppFixture.sets("SID=x"));
      int before = web.access.cookieReads();

      StickyExchange<Sent, Response> exchange = router.begin(Sent.by(client));
      exchange.fieldsToBackend();
      exchange.connectFailed();
      exchange.responded(AppFixture.sets("SID=y"));
      exchange.endSession(Response.ok());
      exchange.close();

      assertThat(web.access.cookieReads() - before).as("%s", affinity).isEqualTo(1);
    }
  }

  @Test
  void anLbCookie_isKnownAfterTheRequestHasLostIt() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    ExchangeScene.visit(router, alice.with("a", "1"), Response.ok());
    LbToken first = LbFixture.token(alice);
    Sent request = Sent.by(alice);

    try (StickyExchange<Sent, Response> exchange = router.begin(request)) {
      request.remove("Cookie");

      assertThat(exchange.request()).isSameAs(request);
      assertThat(exchange.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of("a=1")));
      assertThat(exchange.connectFailed()).isTrue();
      assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
      Response response = Response.ok();
      exchange.responded(response);
      alice.take(response);
      assertThat(LbFixture.token(alice).session()).isEqualTo(first.session());
      exchange.endSession(response);
      assertThat(response.setCookies()).singleElement().asString().endsWith("; Max-Age=0");
    }
  }

  @Test
  void anAppCookie_isKnownAfterTheRequestHasLostIt() {
    HttpRouter<Sent, Response> router = scene.router(scene.app);
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    Sent request = Sent.by(alice);
    StickyExchange<Sent, Response> exchange = router.begin(request);
    request.remove("Cookie");

    assertThat(exchange.connectFailed()).isTrue();
    assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
    exchange.responded(AppFixture.sets("SID=; Max-Age=0"));

    assertThat(router.responseStats().unlearned()).isEqualTo(1);
    assertThat(scene.here.size()).isZero();
    exchange.close();
  }

  @Test
  void endSession_forgetsAnAppCookieThatTheRequestHasLost() {
    HttpRouter<Sent, Response> router = scene.router(scene.app);
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    Sent request = Sent.by(alice);
    try (StickyExchange<Sent, Response> exchange = router.begin(request)) {
      request.remove("Cookie");
      exchange.endSession(Response.ok());
    }

    assertThat(router.begin(Sent.by(alice)).route().outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void aTokenThatExpiresDuringItsRequest_stillNamesTheSession() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    ExchangeScene.visit(router, alice, Response.ok());
    LbToken first = LbFixture.token(alice);
    Response response = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.by(alice))) {
      scene.advance(LbFixture.DURATION.multipliedBy(2));

      assertThat(exchange.connectFailed()).isTrue();
      assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
      exchange.responded(response);
    }

    alice.take(response);
    assertThat(LbFixture.token(alice).session()).isEqualTo(first.session());
  }

  @Test
  void aTokenThatIsDueDuringItsRequest_isRefreshed() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    ExchangeScene.visit(router, alice, Response.ok());
    Response response = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.by(alice))) {
      scene.advance(LbFixture.DURATION.multipliedBy(2));
      exchange.responded(response);
    }

    alice.take(response);
    StickyExchange<Sent, Response> next = ExchangeScene.visit(router, alice, Response.ok());
    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.responseStats().refreshed()).isEqualTo(1);
  }

  @Test
  void keysThatAreReplacedDuringARequest_makeTheClientsNextToken() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    ExchangeScene.visit(router, alice, Response.ok());
    Response response = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.by(alice))) {
      scene.lb.rotate(CookieKeys.builder().signing(2, LbFixture.secret(2)).build());
      exchange.responded(response);

      assertThat(exchange.route().outcome()).isEqualTo(Outcome.KEPT);
    }

    alice.take(response);
    assertThat(LbFixture.token(alice).keyId()).isEqualTo(2);
    assertThat(ExchangeScene.visit(router, alice, Response.ok()).route().outcome())
        .isEqualTo(Outcome.KEPT);
  }

  /** Some frameworks hand out the list that they change. */
  @Test
  void theListOfTheRequestsCookies_mayChange() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    ExchangeScene.visit(router, alice.with("a", "1"), Response.ok());
    List<String> cookies = new ArrayList<>(alice.request().cookies());

    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.of(cookies))) {
      cookies.clear();
      cookies.add("a=1");

      assertThat(exchange.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of("a=1")));
    }
  }

  @Test
  void aResponse_countsOnce() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    Response first = Response.ok();
    Response second = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.of())) {
      exchange.responded(first);
      exchange.responded(second);
      assertThat(exchange.respondedAsync(second).toCompletableFuture()).isCompleted();
    }

    assertThat(first.setCookies()).hasSize(1);
    assertThat(second.changes()).isZero();
    assertThat(router.responseStats().issued()).isEqualTo(1);
  }

  @Test
  void informationalResponses_doNotCount() {
    HttpRouter<Sent, Response> router = scene.router(scene.lb);
    Response last = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.of())) {
      for (int status : new int[] {100, 102, 103}) {
        Response early = Response.of(status);
        exchange.responded(early);
        assertThat(exchange.respondedAsync(early).toCompletableFuture()).isCompleted();
        assertThat(early.changes()).isZero();
      }
      exchange.responded(last);
    }

    assertThat(last.setCookies()).hasSize(1);
  }

  @Test
  void switchingProtocols_isAFinalResponse() {
    Response upgrade = Response.of(101);
    try (StickyExchange<Sent, Response> exchange = scene.router(scene.lb).begin(Sent.of())) {
      exchange.responded(upgrade);
    }

    assertThat(upgrade.setCookies()).hasSize(1);
  }

  @Test
  void withoutABackend_aResponseIsNotHandled() {
    scene.pool.change(edit -> edit.down("a").down("b").down("c"));
    Response own = Response.of(503).with("Set-Cookie", LbFixture.COOKIE + "=theirs");
    StickyExchange<Sent, Response> exchange = scene.router(scene.lb).begin(Sent.of());

    exchange.responded(own);

    assertThat(exchange.backend()).isNull();
    assertThat(exchange.respondedAsync(own).toCompletableFuture()).isCompleted();
    assertThat(exchange.connectFailed()).isFalse();
    assertThat(exchange.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);
    assertThat(own.changes()).isZero();
    assertThat(exchange.route().outcome()).isEqualTo(Outcome.NO_BACKEND);
  }

  @Test
  void aClosedExchange_hasNoBackendAndKeepsItsRoute() {
    StickyExchange<Sent, Response> exchange = scene.router(scene.lb).begin(Sent.of());
    Route route = exchange.route();
    assertThat(exchange.backend()).isNotNull().isSameAs(route.backend());
    assertThat(exchange).hasToString("StickyExchange[" + route + "]");
    assertThat(scene.connections()).isEqualTo(1);

    exchange.close();
    exchange.close();

    assertThat(exchange.backend()).isNull();
    assertThat(exchange.route()).isSameAs(route);
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aClosedExchange_stillHandlesItsResponse() {
    StickyExchange<Sent, Response> exchange = scene.router(scene.lb).begin(Sent.of());
    exchange.close();
    Response response = Response.ok();

    exchange.responded(response);

    assertThat(response.setCookies()).hasSize(1);
  }

  @Test
  void anUnboundRequest_bindsNothing() {
    ExchangeScene.visit(scene.router(scene.lb), alice, Response.ok());
    HttpRouter<Sent, Response> router = scene.chain();
    Response response = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.beginUnbound(Sent.by(alice))) {
      exchange.responded(response);

      assertThat(scene.connections()).isEqualTo(1);
      assertThat(exchange.route().outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(exchange.route().reason()).isEqualTo(Reason.IGNORED);
      assertThat(exchange.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of()));
    }

    assertThat(response.changes()).isZero();
    assertThat(scene.connections()).isZero();
    assertThat(router.stats().count(Outcome.UNBOUND)).isEqualTo(1);
  }

  @Test
  void anExchangeWithoutARoute_saysSo() {
    StickyExchange<Sent, Response> exchange =
        new StickyExchange<>(scene.router(scene.lb), Sent.of(), List.of());

    assertThatIllegalStateException()
        .isThrownBy(exchange::route)
        .withMessage("route: absent (expected: routed)");
    exchange.close();
  }
}
