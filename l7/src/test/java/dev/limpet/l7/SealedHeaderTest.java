package dev.limpet.l7;

import static dev.limpet.l7.HeaderFixture.id;
import static dev.limpet.l7.HeaderFixture.sets;
import static dev.limpet.l7.HeaderFixture.value;
import static dev.limpet.l7.HeaderFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M8: a field whose ids backends set, and of which clients get tokens. */
class SealedHeaderTest {
  private static final String ID = "1868a90c-7a0b-4e1a-9b7e-0d8f6a1c2e3f";

  private final HeaderFixture web = new HeaderFixture();
  private final HttpRouter<Call, Response> router = web.router(web.sealed());

  private Route home;

  private String seal(HttpRouter<Call, Response> by, String id) {
    Response response = sets(id);
    home = Call.post().answered(by, response);
    return value(response);
  }

  @Test
  void theClientGetsAToken_andTheBackendItsOwnId() {
    String token = seal(router, ID);

    assertThat(token).matches("[\\w-]{103}").doesNotContain(ID);
    assertThat(router.route(with(token))).hasToString("KEPT " + id(home));
    assertThat(router.fieldsToBackend(with(token)))
        .isEqualTo(Map.of(HeaderFixture.NAME, List.of(ID)));
    assertThat(router.fieldsToBackend(with(token, token)))
        .isEqualTo(Map.of(HeaderFixture.NAME, List.of(ID)));
    assertThat(router.responseStats().issued()).isEqualTo(1);
  }

  @Test
  void theTokenRevealsNothing() {
    String one = seal(router, ID);
    String two = seal(router, ID);

    assertThat(one.substring(2)).isNotEqualTo(two.substring(2));
    assertThat(new String(
            Base64.getUrlDecoder().decode(one), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(ID.substring(0, 8));
  }

  @Test
  void anotherProxyWithTheSecret_andThisOneAfterARestart_acceptTheToken() {
    String token = seal(router, ID);
    HeaderFixture other = new HeaderFixture();

    assertThat(other.router(other.sealed()).route(with(token))).hasToString("KEPT " + id(home));
  }

  @Test
  void tokensOfAnotherPoolOrField_areForged() {
    String token = seal(router, ID);
    Pool shop = web.pool("shop", "a", "b", "c");
    List<HeaderAffinity<Call, Response>> others = List.of(
        HeaderAffinity.sealed(shop, Call.ACCESS, HeaderFixture.NAME).build(),
        HeaderAffinity.sealed(web.pool, Call.ACCESS, "X-Other").build());
    for (HeaderAffinity<Call, Response> other : others) {
      Call call = Call.post().with(other.name(), token);
      assertThat(other.peek(call, web.pool.snapshot()).reason())
          .as("%s", other)
          .isEqualTo(Reason.FORGED);
    }
  }

  @Test
  void tokensOfAnotherKind_areForged() {
    HttpRouter<Call, Response> issuing = web.router(web.issued());
    Response issued = Response.ok();
    Call.get().answered(issuing, issued);

    assertThat(router.route(with(value(issued)))).hasToString("REFUSED (FORGED)");
    assertThat(issuing.route(with(seal(router, "short"))).reason()).isEqualTo(Reason.FORGED);
  }

  @Test
  void theNameInAnotherCase_isTheSameField() {
    String token = seal(router, ID);
    HeaderAffinity<Call, Response> lower =
        HeaderAffinity.sealed(web.pool, Call.ACCESS, "x-session").build();

    assertThat(HttpRouter.of(web.pool, lower).route(with(token)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void anLbCookieOfTheSameRing_isNoToken_andTheReverse() {
    LbCookieAffinity<Request, Response> cookie = LbCookieAffinity.builder(web.pool, Response.ACCESS)
        .encrypted(true)
        .session(StickySession.lbCookie().withCookieName(HeaderFixture.NAME))
        .build();
    Browser alice = new Browser();
    alice.visit(HttpRouter.of(web.pool, cookie));

    assertThat(router.route(with(alice.cookie(HeaderFixture.NAME))).reason())
        .isEqualTo(Reason.MALFORMED);
    Request withToken = Request.of(HeaderFixture.NAME + '=' + seal(router, ID));
    assertThat(HttpRouter.of(web.pool, cookie).route(withToken).reason())
        .isEqualTo(Reason.MALFORMED);
  }

  // M6

  @ParameterizedTest
  @ValueSource(strings = {ID, "x", "AAAA", "a,b"})
  void whatIsNoToken_isRefusedAndReachesTheBackendUnchanged(String value) {
    Route route = router.route(with(value));

    assertThat(route).hasToString("REFUSED (MALFORMED)");
    assertThat(router.statusWithoutBackend(route)).isEqualTo(404);
    assertThat(router.fieldsToBackend(with(value))).isEmpty();
    assertThat(router.responseStats().foreignCookies()).isEqualTo(1);
  }

  @Test
  void valuesThatCannotBeUsed_areRefused() {
    String token = seal(router, ID);
    for (Call call : List.of(with(""), with("a b"), with(token, ID), with("x".repeat(1_424)))) {
      Route route = router.route(call);
      assertThat(route).hasToString("REFUSED (UNUSABLE_KEY)");
      assertThat(router.statusWithoutBackend(route)).isEqualTo(404);
      assertThat(router.fieldsToBackend(call)).isEmpty();
    }
  }

  @Test
  void eachFault_hasItsReason() {
    String token = seal(router, ID);
    char last = token.charAt(50);
    String changed = token.substring(0, 50) + (last == 'A' ? 'B' : 'A') + token.substring(51);
    byte[] bytes = Base64.getUrlDecoder().decode(token);
    bytes[0]++;
    String otherKey = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

    assertThat(router.route(with(changed)).reason()).isEqualTo(Reason.FORGED);
    assertThat(router.route(with(otherKey)).reason()).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(router.route(with(token + '=')).reason()).isEqualTo(Reason.MALFORMED);
    assertThat(router.route(with(token.substring(4))).reason())
        .isIn(Reason.MALFORMED, Reason.FORGED, Reason.UNKNOWN_KEY);
    web.advance(Duration.ofSeconds(-61));
    assertThat(router.route(with(token)).reason()).isEqualTo(Reason.FUTURE);
    assertThat(router.route(with(token)).outcome()).isEqualTo(Outcome.REFUSED);
    web.advance(Duration.ofSeconds(1));
    assertThat(router.route(with(token)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void unknownIds_areRoutedIfTheEmbedderSaysSo() {
    HttpRouter<Call, Response> routing =
        web.router(web.sealed().unknown(HeaderAffinity.Unknown.ROUTE));
    Route first = routing.route(with(ID));

    assertThat(first.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(first.reason()).isEqualTo(Reason.MALFORMED);
    routing.route(Call.post());
    assertThat(routing.route(with(ID))).hasToString(first.toString());
    assertThat(routing.fieldsToBackend(with(ID))).isEmpty();
    Route unusable = routing.route(with("a b"));
    assertThat(unusable.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(unusable.reason()).isEqualTo(Reason.UNUSABLE_KEY);
  }

  // M10

  @Test
  void aTokenLives24HoursFromItsDate_howeverItIsUsed() {
    String token = seal(router, ID);
    for (int hour = 1; hour <= 24; hour++) {
      web.advance(Duration.ofHours(1));
      assertThat(router.route(with(token)).outcome()).isEqualTo(Outcome.KEPT);
    }
    web.advance(Duration.ofSeconds(1));

    Route route = router.route(with(token));
    assertThat(route).hasToString("REFUSED (EXPIRED)");
    assertThat(router.statusWithoutBackend(route)).isEqualTo(404);
  }

  @Test
  void anIdThatAResponseRepeats_isSealedAnewWithANewDate() {
    String token = seal(router, ID);
    web.advance(Duration.ofHours(23));
    Response response = sets(ID);
    with(token).answered(router, response);
    web.advance(Duration.ofHours(23));

    assertThat(value(response)).isNotEqualTo(token);
    assertThat(router.route(with(value(response)))).hasToString("KEPT " + id(home));
    assertThat(router.route(with(token)).reason()).isEqualTo(Reason.EXPIRED);
    assertThat(router.responseStats().refreshed()).isEqualTo(1);
    assertThat(router.responseStats().issued()).isEqualTo(1);
  }

  @Test
  void aDrain_waitsUntilTheLastTokenHasExpired() {
    web.advance(Duration.ofDays(2));
    seal(router, ID);
    var drained = router.drain(id(home), Duration.ofDays(3)).toCompletableFuture();
    web.advance(Duration.ofHours(24));
    router.advanceDrains();
    assertThat(drained).isNotDone();
    web.advance(Duration.ofSeconds(1));
    router.advanceDrains();

    assertThat(drained).isCompleted();
  }

  // Which responses are sealed.

  @ParameterizedTest
  @ValueSource(ints = {101, 300, 400, 401, 404, 500})
  void anIdOnAnotherStatus_isLeftAlone_unlessItIsTheRequestsOwn(int status) {
    String token = seal(router, ID);
    Response other = Response.of(status).with(HeaderFixture.NAME, "another");
    Response own = Response.of(status).with(HeaderFixture.NAME, ID);

    with(token).answered(router, other);
    with(token).answered(router, own);

    assertThat(value(other)).isEqualTo("another");
    assertThat(value(own)).isEqualTo(token);
    assertThat(router.responseStats().issued()).isEqualTo(1);
    assertThat(router.responseStats().unsealed()).isZero();
  }

  @Test
  void onlyTheOneFieldOfAResponse_isReplaced() {
    Response two = sets(ID, ID);
    Response illegal = sets("a b");
    Response empty = sets("");
    Response longest = sets("x".repeat(1_024));
    Response tooLong = sets("x".repeat(1_025));
    for (Response response : List.of(two, illegal, empty, longest, tooLong)) {
      Call.post().answered(router, response);
    }

    assertThat(value(two)).isEqualTo(ID + '|' + ID);
    assertThat(value(illegal)).isEqualTo("a b");
    assertThat(value(empty)).isEmpty();
    assertThat(value(tooLong)).hasSize(1_025);
    assertThat(router.responseStats().unsealed()).isEqualTo(4);
    assertThat(router.fieldsToBackend(with(value(longest))).get(HeaderFixture.NAME))
        .containsExactly("x".repeat(1_024));
  }

  @Test
  void aSealedIdOfTheMaximumLength_isAccepted() {
    HttpRouter<Call, Response> longer = web.router(web.sealed().maxLength(8_192));
    String token = seal(longer, "y".repeat(8_192));

    assertThat(token).hasSizeGreaterThan(10_000).hasSizeLessThan(11_000);
    assertThat(longer.route(with(token)).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(longer.route(with(token + "A")).reason()).isEqualTo(Reason.UNUSABLE_KEY);
  }

  @Test
  void aResponseWithoutTheField_isNotChanged() {
    String token = seal(router, ID);
    Response response = Response.ok();
    with(token).answered(router, response);

    assertThat(response.changes()).isZero();
  }

  // While the backend cannot serve.

  @Test
  void whileABackendIsDown_theFailoverDecides() {
    for (Failover failover : Failover.values()) {
      HttpRouter<Call, Response> failing = web.router(web.sealed(), failover);
      String token = seal(failing, ID);
      String down = id(home);
      web.pool.change(edit -> edit.down(down));
      Response response = sets(ID);
      Route route = with(token).answered(failing, response);
      web.pool.change(edit -> edit.up(down));

      switch (failover) {
        case MOVE -> {
          assertThat(route.outcome()).isEqualTo(Outcome.HASHED);
          assertThat(failing.route(with(value(response)))).hasToString("KEPT " + id(route));
        }
        case LEND -> {
          assertThat(route.outcome()).isEqualTo(Outcome.LENT);
          assertThat(value(response)).isEqualTo(token);
        }
        case STRICT -> {
          assertThat(route).hasToString("REFUSED (BACKEND_DOWN)");
          assertThat(failing.statusWithoutBackend(route)).isEqualTo(503);
        }
      }
      assertThat(failing.route(with(token))).hasToString("KEPT " + down);
    }
  }

  @Test
  void aBackendThatLeft_endsItsSessionsUnderStrict() {
    HttpRouter<Call, Response> strict = web.router(web.sealed(), Failover.STRICT);
    String token = seal(strict, ID);
    web.pool.change(edit -> edit.remove(id(home)));

    Route route = strict.route(with(token));
    assertThat(route).hasToString("REFUSED (BACKEND_GONE)");
    assertThat(strict.statusWithoutBackend(route)).isEqualTo(404);
    assertThat(router.route(with(token)).outcome()).isEqualTo(Outcome.HASHED);
  }

  // M11

  @Test
  void theTokenOfAnotherPrincipal_isForged() {
    HttpRouter<Call, Response> bound = web.router(web.sealed().boundTo(call -> call.field("User")));
    Response response = sets(ID);
    Call.post().with("User", "alice").answered(bound, response);
    String token = value(response);

    assertThat(bound.route(with(token).with("User", "alice")).outcome()).isEqualTo(Outcome.KEPT);
    for (String user : List.of("bob", "", "alicE", "alice\0")) {
      Route route = bound.route(with(token).with("User", user));
      assertThat(route).as(user).hasToString("REFUSED (FORGED)");
      assertThat(bound.fieldsToBackend(with(token).with("User", user))).isEmpty();
    }
  }

  @Test
  void noPrincipal_isAnotherOneThanAnEmptyOne() {
    HeaderAffinity<Call, Response> nobody = web.sealed().boundTo(call -> null).build();
    HeaderAffinity<Call, Response> empty = web.sealed().boundTo(call -> "").build();
    String token = seal(HttpRouter.of(web.pool, nobody), ID);

    assertThat(nobody.peek(with(token), web.pool.snapshot()).reason()).isNull();
    assertThat(web.affinity.peek(with(token), web.pool.snapshot()).reason()).isNull();
    assertThat(empty.peek(with(token), web.pool.snapshot()).reason()).isEqualTo(Reason.FORGED);
  }

  // Keys.

  @Test
  void keysCanBeChanged_withoutLosingASession() {
    CookieKeys keys = CookieKeys.builder().signing(1, LbFixture.secret(1)).build();
    HttpRouter<Call, Response> rotating = web.router(web.sealed().keys(keys));
    String old = seal(rotating, ID);
    CookieKeys both = keys.with(2, LbFixture.secret(2)).signingBy(2);

    web.affinity.rotate(both);
    assertThat(rotating.route(with(old)).outcome()).isEqualTo(Outcome.KEPT);
    String renewed = seal(rotating, ID);
    web.affinity.rotate(both.without(1));

    assertThat(rotating.route(with(renewed)).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(rotating.route(with(old))).hasToString("REFUSED (UNKNOWN_KEY)");
    assertThatThrownBy(() -> web.learned().build().rotate(keys))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anExchange_outlivesTheKeyOfItsToken() {
    HttpRouter<Call, Response> rotating = web.router(web.sealed(), Failover.MOVE);
    StickyExchange<Call, Response> exchange = rotating.begin(with(seal(rotating, ID)));
    CookieKeys others = CookieKeys.builder().signing(9, LbFixture.secret(9)).build();
    web.affinity.rotate(others);

    assertThat(exchange.connectFailed()).isTrue();
    assertThat(exchange.route().reason()).isEqualTo(Reason.CONNECT_FAILED);
    assertThat(exchange.fieldsToBackend()).isEqualTo(Map.of(HeaderFixture.NAME, List.of(ID)));
    Response response = sets(ID);
    exchange.responded(response);
    assertThat(rotating.route(with(value(response)))).hasToString("KEPT " + id(exchange.route()));
  }

  @Test
  void aTokenCannotBeEnded() {
    String token = seal(router, ID);

    assertThat(router.unbind(with(token))).isFalse();
    router.endSession(with(token), Response.ok());
    assertThat(router.route(with(token)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void anotherPool_isRefused() {
    HeaderAffinity<Call, Response> affinity = web.sealed().build();

    assertThatThrownBy(() -> HttpRouter.of(web.pool("shop", "a"), affinity))
        .hasMessage("pool: shop (expected: the affinity's own, web)");
    assertThatThrownBy(() -> HttpRouter.of(web.pool("web", "a"), affinity))
        .hasMessageContaining("own Pool object");
  }

  // What a response needs is known when the request is routed.

  @Test
  void anExchange_remembersTheRequestThatTheEmbedderChanges() {
    HttpRouter<Call, Response> bound = web.router(web.sealed().boundTo(call -> call.field("User")));
    Response begun = sets(ID);
    Call.post().with("User", "alice").answered(bound, begun);
    Call call = with(value(begun)).with("User", "alice");
    StickyExchange<Call, Response> exchange = bound.begin(call);

    call.change(exchange.fieldsToBackend());
    assertThat(call.field(HeaderFixture.NAME)).isEqualTo(ID);
    call.change(Map.of("User", List.of("proxy")));
    Response response = sets(ID);
    exchange.responded(response);

    assertThat(bound.route(with(value(response)).with("User", "alice")).outcome())
        .isEqualTo(Outcome.KEPT);
    assertThat(bound.responseStats().refreshed()).isEqualTo(1);
  }

  @Test
  void inAChain_theIdIsRestoredAndSealedWhoeverRoutes() {
    LbCookieAffinity<Call, Response> cookie =
        LbCookieAffinity.builder(web.pool, Call.ACCESS).build();
    HttpRouter<Call, Response> chain =
        HttpRouter.of(web.pool, cookie.orElse(web.sealed().build()));
    Response begun = sets(ID);
    StickyExchange<Call, Response> first = chain.begin(Call.post());
    first.responded(begun);
    String cookieValue = begun.setCookies().get(0).replaceFirst(";.*", "");
    Call call = with(value(begun)).with("Cookie", cookieValue);
    StickyExchange<Call, Response> second = chain.begin(call);

    assertThat(second.route()).hasToString("KEPT " + id(first.route()));
    call.change(second.fieldsToBackend());
    assertThat(call.field(HeaderFixture.NAME)).isEqualTo(ID);
    assertThat(call.field("Cookie")).isEmpty();
    Response response = sets(ID);
    second.responded(response);
    assertThat(chain.route(with(value(response)))).hasToString("KEPT " + id(first.route()));
  }

  @Test
  void nothingThatIsShown_tellsTheIdOrTheToken() {
    String token = seal(router, ID);
    Call call = with(token);
    StickyExchange<Call, Response> exchange = router.begin(call);

    assertThat(Reachable.from(router, exchange, web.sealed()))
        .filteredOn(each -> !(each instanceof String) && !(each instanceof Call))
        .filteredOn(each -> each.getClass().getName().startsWith("dev.limpet"))
        .anyMatch(HeaderToken.class::isInstance)
        .anyMatch(HeaderRing.class::isInstance)
        .allSatisfy(each -> assertThat(each.toString()).doesNotContain(ID, token));
    assertThat(web.affinity).hasToString("HeaderAffinity[X-Session, sealed, pool web]");
  }
}
