package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.FaultException;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.l7.SuffixFixture.Targeted;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteSuffixAffinityTest {
  private final SuffixFixture app = new SuffixFixture();

  /** An unknown route is never an error, and proxies with the same secret agree. */
  @ParameterizedTest
  @EnumSource(Failover.class)
  void anUnknownRoute_isHashedByItsIdAlone(Failover failover) {
    SuffixFixture one = new SuffixFixture(failover, b -> b);
    SuffixFixture other = new SuffixFixture(failover, b -> b);
    for (int i = 0; i < 100; i++) {
      Route route = one.cookie("id" + i + ".node8");

      assertThat(route.outcome()).isEqualTo(Outcome.HASHED);
      assertThat(route.reason()).isEqualTo(Reason.UNKNOWN);
      assertThat(Browser.id(other.cookie("id" + i + ".node9"))).isEqualTo(Browser.id(route));
    }
    assertThat(IntStream.range(0, 100).mapToObj(i -> Browser.id(one.cookie("id" + i + ".x"))))
        .contains("node1", "node2", "node3");
  }

  @Test
  void theKey_isThatOfTheId_whereverItStands() {
    RouteSuffixAffinity<Targeted, Response> affinity = SuffixFixture.affinity(b -> b);
    long key = SuffixFixture.ENVIRONMENT.hasher().string("5A");

    assertThat(affinity.key(Targeted.cookies("JSESSIONID=5A.node1"))).isEqualTo(key);
    assertThat(affinity.key(Targeted.cookies("JSESSIONID=\"5A.x.y\""))).isEqualTo(key);
    assertThat(affinity.key(Targeted.of("/;jsessionid=5A.x"))).isEqualTo(key);
    assertThat(affinity.key(Targeted.cookies("JSESSIONID=5A"))).isZero();
  }

  @Test
  void theKey_isThatOfTheIdWhoseRouteIsKnown() {
    RouteSuffixAffinity<Targeted, Response> affinity = SuffixFixture.affinity(b -> b);
    Targeted request =
        Targeted.of("/;jsessionid=5A.x", "JSESSIONID=5B; JSESSIONID=5C.node9; JSESSIONID=5D.node3");
    assertThat(affinity.recall(request, app.pool.snapshot()).name()).isEqualTo("node3");

    assertThat(affinity.key(request))
        .isEqualTo(SuffixFixture.ENVIRONMENT.hasher().string("5D"));
  }

  /** By default, the session is lent until the application changes its route. */
  @Test
  void aBackendThatIsDown_lendsItsSessions() {
    app.pool.change(edit -> edit.down("node2"));
    Route lent = app.cookie("5A.node2");

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(lent.reason()).isEqualTo(Reason.BACKEND_DOWN);
    assertThat(Browser.id(app.cookie("5A.node2"))).isEqualTo(Browser.id(lent));

    app.pool.change(edit -> edit.up("node2"));
    assertThat(app.cookie("5A.node2").outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aLentSession_goesWhereAnUnknownRouteOfItsIdGoes() {
    app.pool.change(edit -> edit.down("node2"));

    for (int i = 0; i < 20; i++) {
      assertThat(Browser.id(app.cookie(i + ".node2"))).isEqualTo(Browser.id(app.cookie(i + ".x")));
    }
  }

  @Test
  void move_movesEachRequest_andStrict_refusesIt() {
    SuffixFixture move = new SuffixFixture(Failover.MOVE, b -> b);
    SuffixFixture strict = new SuffixFixture(Failover.STRICT, b -> b);
    move.pool.change(edit -> edit.down("node2"));
    strict.pool.change(edit -> edit.down("node2"));

    Route moved = move.cookie("5A.node2");
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(move.cookie("5A.node2")).hasToString(moved.toString());
    assertThat(strict.cookie("5A.node2").outcome()).isEqualTo(Outcome.REFUSED);
    move.pool.change(edit -> edit.up("node2"));
    assertThat(move.cookie("5A.node2").outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void connectFailed_goesToAnotherBackend_untilNoneIsLeft() {
    for (Failover failover : List.of(Failover.LEND, Failover.MOVE)) {
      SuffixFixture some = new SuffixFixture(failover, b -> b);
      try (StickyExchange<Targeted, Response> exchange =
          some.router.begin(Targeted.cookies("JSESSIONID=5A.node2"))) {
        assertThat(exchange.connectFailed()).isTrue();
        assertThat(Browser.id(exchange.route())).isIn("node1", "node3");
        assertThat(exchange.connectFailed()).isTrue();
        assertThat(exchange.connectFailed()).isFalse();
      }
      assertThat(some.routedBy("5A.node2")).isEqualTo("node2");
    }
  }

  @Test
  void drainedBackend_keepsItsSessions_andNobodyKnowsHowMany() {
    app.pool.change(edit -> edit.drain("node2"));

    assertThat(app.routedBy("5A.node2")).isEqualTo("node2");
    assertThat(SuffixFixture.affinity(b -> b).remaining("node2")).isEqualTo(Remaining.UNKNOWN);
  }

  @Test
  void anExchange_readsItsTargetOnce_whenItBegins() {
    Targeted request = Targeted.of("/;jsessionid=5A.node2");
    try (StickyExchange<Targeted, Response> exchange = app.router.begin(request)) {
      assertThat(Browser.id(exchange.route())).isEqualTo("node2");
      request.target = "/rewritten";
      request.cookies = List.of("JSESSIONID=5B.node1");

      assertThat(exchange.fieldsToBackend()).isEmpty();
      assertThat(exchange.connectFailed()).isTrue();
      assertThat(exchange.route().outcome()).isEqualTo(Outcome.LENT);
      app.pool.change(edit -> edit.remove("node2"));
      assertThat(Browser.id(exchange.route())).isEqualTo(Browser.id(app.cookie("5A.x")));
    }
  }

  @Test
  void anExchange_isRoutedAsItsRequest() {
    for (Targeted request : List.of(
        Targeted.of("/;jsessionid=5A.node2"),
        Targeted.of("/;jsessionid=5A.x", "JSESSIONID=5B.x"),
        Targeted.of("/;jsessionid=5A", "JSESSIONID=5B.node3"))) {
      try (StickyExchange<Targeted, Response> exchange = app.router.begin(request)) {
        assertThat(exchange.route()).hasToString(app.router.route(request).toString());
      }
    }
  }

  @Test
  void appendRoute_marksACookieWithoutASeparator() {
    SuffixFixture appending = new SuffixFixture(b -> b.appendRoute(true));
    Response response = Response.ok()
        .with(
            "Set-Cookie",
            "JSESSIONID=5A; Path=/; HttpOnly",
            "a=b",
            " JSESSIONID = \"5A\" ;Path=/x",
            "JSESSIONID=5A.other",
            "JSESSIONID=",
            "JSESSIONID=5A; Max-Age=0",
            "JSESSIONID=5A; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "JSESSIONID=5A");
    Targeted request = Targeted.cookies();
    String id = respond(appending, request, response);

    assertThat(response.setCookies())
        .containsExactly(
            "JSESSIONID=5A." + id + "; Path=/; HttpOnly",
            "a=b",
            " JSESSIONID = \"5A." + id + "\" ;Path=/x",
            "JSESSIONID=5A.other",
            "JSESSIONID=",
            "JSESSIONID=5A; Max-Age=0",
            "JSESSIONID=5A; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "JSESSIONID=5A." + id);
    assertThat(appending.routedBy("5A." + id)).isEqualTo(id);
    assertThat(appending.router.responseStats().marked()).isEqualTo(3);
    assertThat(appending.router.responseStats().unmarked()).isZero();
  }

  @Test
  void appendRoute_leavesACookieThatWouldBeTooLong() {
    SuffixFixture appending = new SuffixFixture(b -> b.appendRoute(true));
    String id = "a".repeat(4096 - "JSESSIONID".length() - ".node1".length());
    Response response =
        Response.ok().with("Set-Cookie", "JSESSIONID=" + id, "JSESSIONID=" + id + "a");
    String node = respond(appending, Targeted.cookies(), response);

    assertThat(response.setCookies())
        .containsExactly("JSESSIONID=" + id + '.' + node, "JSESSIONID=" + id + "a");
    assertThat(appending.router.responseStats().unmarked()).isEqualTo(1);
  }

  @Test
  void appendRoute_usesTheMappedRoute_andSkipsABackendWithoutOne() {
    Pool pool = Pool.of("app", LbFixture.backend("a"));
    HttpRouter<Targeted, Response> mapped = HttpRouter.of(
        pool, SuffixFixture.affinity(b -> b.appendRoute(true).routes(Map.of("r1", "a"))));
    HttpRouter<Targeted, Response> other = HttpRouter.of(
        pool, SuffixFixture.affinity(b -> b.appendRoute(true).routes(Map.of("r1", "b"))));

    assertThat(answered(mapped)).containsExactly("JSESSIONID=5A.r1");
    assertThat(answered(other)).containsExactly("JSESSIONID=5A");
    assertThat(other.responseStats().unmarked()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a; Domain=x", "a b", "a\"", "a,b", "a\\b"})
  void appendRoute_writesNoIdThatCannotBePartOfACookie(String id) {
    HttpRouter<Targeted, Response> odd = HttpRouter.of(
        Pool.of("app", Backend.of(id, "127.0.0.1", 80)),
        SuffixFixture.affinity(b -> b.appendRoute(true)));

    assertThat(answered(odd)).containsExactly("JSESSIONID=5A");
    assertThat(odd.responseStats().unmarked()).isEqualTo(1);
  }

  @Test
  void byDefault_noResponseIsChanged() {
    Response response = Response.ok().with("Set-Cookie", "JSESSIONID=5A");
    respond(app, Targeted.cookies(), response);

    assertThat(response.changes()).isZero();
  }

  @Test
  void inAChain_aSessionWithoutAKnownRoute_isPassedOn() {
    LbCookieAffinity<Targeted, Response> lb =
        LbCookieAffinity.builder(app.pool, SuffixFixture.ACCESS).build();
    HttpRouter<Targeted, Response> chain =
        HttpRouter.of(app.pool, SuffixFixture.affinity(b -> b.appendRoute(true)).orElse(lb));

    assertThat(chain.route(Targeted.cookies("JSESSIONID=5A.node2"))).hasToString("KEPT node2");
    Route unknown = chain.route(Targeted.cookies("JSESSIONID=5A.x"));
    assertThat(unknown.outcome()).isEqualTo(Outcome.NEW);
    assertThat(unknown.affinity()).isEqualTo(1);
    assertThat(Browser.id(unknown)).isEqualTo(Browser.id(app.cookie("5A.x")));

    Response response = Response.ok().with("Set-Cookie", "JSESSIONID=5B");
    chain.onResponse(Targeted.cookies(), unknown, response);
    assertThat(response.setCookies().get(0)).isEqualTo("JSESSIONID=5B." + Browser.id(unknown));
    assertThat(response.setCookies().get(1)).startsWith("limpet-app=");
  }

  @Test
  void theAffinity_saysWhatItIs() {
    RouteSuffixAffinity<Targeted, Response> affinity = SuffixFixture.affinity(b -> b);

    assertThat(affinity).hasToString("RouteSuffixAffinity[JSESSIONID, ;jsessionid]");
    assertThat(SuffixFixture.affinity(b -> b.pathParameter(null)))
        .hasToString("RouteSuffixAffinity[JSESSIONID]");
    assertThat(affinity.session()).isEqualTo(StickySession.custom());
    assertThat(affinity.failover()).isEqualTo(Failover.LEND);
    assertThat(affinity.learns()).isTrue();
    assertThat(affinity.access()).isSameAs(SuffixFixture.ACCESS);
    assertThat(affinity.environment()).isSameAs(SuffixFixture.ENVIRONMENT);
    assertThat(RouteSuffixAffinity.builder(SuffixFixture.ACCESS).build().environment())
        .isSameAs(Environment.local());
    assertThat(affinity.unbind(1, "node1")).isFalse();
  }

  @Test
  void invalidSettings_areAllNamed() {
    assertThatThrownBy(() -> SuffixFixture.affinity(b -> b.cookieName("a b")
            .pathParameter("x;y")
            .separator('+')
            .routes(Map.of("r;1", "a", "r2", "b", "r3", "b"))))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("cookieName: \"a b\" (expected: an RFC 6265 token; ' ' at index 1)")
        .hasMessageContaining("pathParameter: \"x;y\" (expected: ")
        .hasMessageContaining("separator: \"+\" (expected: one of . ! ~ - _ :)")
        .hasMessageContaining("routes: \"r;1\" (expected: printable ASCII without ")
        .hasMessageContaining("routes: \"b\" (expected: each backend's id at most once)");
    assertThatThrownBy(() -> SuffixFixture.affinity(b -> b.pathParameter("").cookieName("")))
        .hasMessageContaining("pathParameter: \"\"")
        .hasMessageContaining("cookieName: \"\"");
    assertThatThrownBy(() -> SuffixFixture.affinity(b -> b.ranked(true).routes(Map.of("r.1", "a"))))
        .hasMessage("routes: \"r.1\" (expected: routes without the separator, because they are"
            + " ranked)");
    assertThatThrownBy(() -> SuffixFixture.affinity(b -> b.routes(Map.of("", "a"))))
        .hasMessageStartingWith("routes: \"\" (expected: printable ASCII");
  }

  private static List<String> answered(HttpRouter<Targeted, Response> router) {
    Response response = Response.ok().with("Set-Cookie", "JSESSIONID=5A");
    router.onResponse(Targeted.cookies(), router.route(Targeted.cookies()), response);
    return response.setCookies();
  }

  /** Answers a request by an exchange, and returns the backend's id. */
  private static String respond(SuffixFixture app, Targeted request, Response response) {
    try (StickyExchange<Targeted, Response> exchange = app.router.begin(request)) {
      exchange.responded(response);
      return Browser.id(exchange.route());
    }
  }
}
