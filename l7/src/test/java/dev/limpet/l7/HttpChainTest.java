package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.core.Affinity;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.ForwardingAffinity;
import dev.limpet.core.affinity.KeyAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An LB cookie until there is a log-in, and the application's cookie from then on. */
class HttpChainTest {
  private final ExchangeScene scene = ExchangeScene.uncounted();
  private final HttpRouter<Sent, Response> router = scene.chain();
  private final Browser alice = new Browser();

  private StickyExchange<Sent, Response> visit(Response answer) {
    return ExchangeScene.visit(router, alice, answer);
  }

  private StickyExchange<Sent, Response> visit() {
    return visit(Response.ok());
  }

  @Test
  void beforeTheLogIn_anLbCookieKeepsTheSession() {
    StickyExchange<Sent, Response> first = visit();
    StickyExchange<Sent, Response> next = visit();

    assertThat(first.route()).hasToString("NEW " + Browser.id(first.route()) + " (UNKNOWN)");
    assertThat(first.route().affinity()).isEqualTo(1);
    assertThat(next.route()).hasToString("KEPT " + Browser.id(first.route()));
    assertThat(next.route().affinity()).isEqualTo(1);
    assertThat(alice.cookie(LbFixture.COOKIE)).isNotEmpty();
  }

  @Test
  void afterTheLogIn_theAppCookieKeepsTheSession() {
    visit();
    StickyExchange<Sent, Response> login = visit(AppFixture.sets("SID=x"));
    assertThat(login.route().affinity()).isEqualTo(1);
    scene.advance(LbFixture.THRESHOLD.multipliedBy(3));

    Response answer = Response.ok();
    StickyExchange<Sent, Response> next = visit(answer);

    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.route().affinity()).isZero();
    assertThat(next.route().backend()).isEqualTo(login.route().backend());
    assertThat(answer.changes()).as("no LB cookie is refreshed").isZero();
    assertThat(router.responseStats().issued()).isEqualTo(1);
    assertThat(router.responseStats().refreshed()).isZero();
    assertThat(router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void aSessionThatMovesAfterTheLogIn_getsNoLbCookie() {
    visit(AppFixture.sets("SID=x"));
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.by(alice))) {
      assertThat(exchange.connectFailed()).isTrue();
      Response answer = Response.ok();
      exchange.responded(answer);

      assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
      assertThat(exchange.route().affinity()).isZero();
      assertThat(answer.changes()).isZero();
    }
  }

  @Test
  void afterTheLogOut_theLbCookieKeepsTheSessionAgain() {
    visit(AppFixture.sets("SID=x"));
    visit(AppFixture.sets("SID=; Max-Age=0"));

    StickyExchange<Sent, Response> next = visit();

    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.route().affinity()).isEqualTo(1);
    assertThat(router.responseStats().unlearned()).isEqualTo(1);
    assertThat(scene.here.size()).isZero();
  }

  @Test
  void anUnknownAppCookie_isChosenByItsHashAndBoundByAnLbCookie() {
    String byHash = scene.router(scene.app).begin(Sent.of("SID=x")).backend().id();
    for (int i = 0; i < 5; i++) {
      Browser client = new Browser().with("SID", "x");
      StickyExchange<Sent, Response> first = ExchangeScene.visit(router, client, Response.ok());
      assertThat(first.route().outcome()).isEqualTo(Outcome.NEW);
      assertThat(first.route().affinity()).isEqualTo(1);
      assertThat(Browser.id(first.route())).isEqualTo(byHash);
      assertThat(client.cookie(LbFixture.COOKIE)).isNotEmpty();
      assertThat(ExchangeScene.visit(router, client, Response.ok()).route())
          .hasToString("KEPT " + byHash);
    }
    assertThat(scene.here.size()).isZero();
  }

  @Test
  void anUnknownAppCookieBesideAnLbCookie_goesByTheLbCookie() {
    StickyExchange<Sent, Response> first = visit();

    StickyExchange<Sent, Response> next =
        ExchangeScene.visit(router, alice.with("SID", "x"), Response.ok());

    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.route().affinity()).isEqualTo(1);
    assertThat(next.route().backend()).isEqualTo(first.route().backend());
  }

  @Test
  void theLbCookieIsStripped_andTheAppCookieIsNot() {
    visit(AppFixture.sets("SID=x"));
    Sent request = Sent.of("a=1; " + alice.cookies(), "b=2");
    Map<String, List<String>> expected = Map.of("Cookie", List.of("a=1; SID=x", "b=2"));
    try (StickyExchange<Sent, Response> exchange = router.begin(request)) {
      assertThat(exchange.route().affinity()).isZero();
      assertThat(exchange.fieldsToBackend()).isEqualTo(expected);
      assertThat(router.fieldsToBackend(request)).isEqualTo(expected);
    }
  }

  @Test
  void crumbsOfHttp2_areReadAndStripped() {
    visit(AppFixture.sets("SID=x"));
    String lb = LbFixture.COOKIE + '=' + alice.cookie(LbFixture.COOKIE);

    try (StickyExchange<Sent, Response> app = router.begin(Sent.of("a=1", lb, "SID=x"));
        StickyExchange<Sent, Response> before = router.begin(Sent.of("a=1", lb, "b=2"))) {
      assertThat(app.route().affinity()).isZero();
      assertThat(app.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of("a=1", "SID=x")));
      assertThat(before.route().outcome()).isEqualTo(Outcome.KEPT);
      assertThat(before.route().affinity()).isEqualTo(1);
      assertThat(before.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of("a=1", "b=2")));
    }
  }

  @Test
  void twoLbCookiesOfOneChain_areBothStrippedAndBothDeleted() {
    LbCookieAffinity<Sent, Response> other = lbCookie("other");
    HttpRouter<Sent, Response> two = scene.router(scene.lb.orElse(other));
    visit();
    Sent request = Sent.of("a=1; " + alice.cookies() + "; other=x; b=2");
    Response last = Response.ok();
    try (StickyExchange<Sent, Response> exchange = two.begin(request)) {
      assertThat(exchange.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of("a=1; b=2")));
      assertThat(two.fieldsToBackend(request)).isEqualTo(Map.of("Cookie", List.of("a=1; b=2")));
      exchange.endSession(last);
    }

    assertThat(last.setCookies())
        .hasSize(2)
        .allMatch(field -> field.endsWith("; Max-Age=0"))
        .anyMatch(field -> field.startsWith("other=;"))
        .anyMatch(field -> field.startsWith(LbFixture.COOKIE + "=;"));
  }

  @Test
  void theSecondOfTwoLbCookies_keepsItsSessions() {
    HttpRouter<Sent, Response> old = scene.router(lbCookie("other"));
    ExchangeScene.visit(old, alice, Response.ok());
    HttpRouter<Sent, Response> two = scene.router(scene.lb.orElse(lbCookie("other")));

    StickyExchange<Sent, Response> next = ExchangeScene.visit(two, alice, Response.ok());

    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.route().affinity()).isEqualTo(1);
    assertThat(alice.cookie(LbFixture.COOKIE)).isEmpty();
  }

  private LbCookieAffinity<Sent, Response> lbCookie(String name) {
    return LbCookieAffinity.builder(scene.pool, scene.access)
        .session(StickySession.lbCookie().withCookieName(name))
        .keys(CookieKeys.builder().signing(1, LbFixture.secret(1)).build())
        .environment(scene.environment)
        .build();
  }

  @Test
  void fieldsOfAnEmbeddersAffinity_areMergedWithoutTheLbCookie() {
    visit();
    Sent request = Sent.of("a=1; " + alice.cookies()).with("User", "u");
    for (String cookie : List.of("Cookie", "cookie")) {
      Custom custom = new Custom(cookie);
      List<HttpAffinity<Sent, Response>> chains = List.of(
          custom.orElse(scene.lb),
          scene.lb.orElse(custom),
          scene.app.orElse(scene.lb.orElse(custom)));
      for (HttpAffinity<Sent, Response> chain : chains) {
        try (StickyExchange<Sent, Response> exchange = scene.router(chain).begin(request)) {
          Map<String, List<String>> fields = exchange.fieldsToBackend();

          assertThat(fields).as("%s", chain).hasSize(2);
          assertThat(fields.get("Cookie")).containsExactly("a=1; custom=1");
          assertThat(fields.get("X-User")).containsExactly("u");
          assertThat(scene.router(chain).fieldsToBackend(request)).isEqualTo(fields);
        }
      }
    }
  }

  @Test
  void allOfThemHearEachResponse_andTheOthersOfNoSession() {
    Custom custom = new Custom("Cookie");
    HttpRouter<Sent, Response> three = scene.router(scene.app.orElse(scene.lb.orElse(custom)));
    StickyExchange<Sent, Response> first = ExchangeScene.visit(three, alice, Response.ok());
    StickyExchange<Sent, Response> login =
        ExchangeScene.visit(three, alice, AppFixture.sets("SID=x"));
    ExchangeScene.visit(three, alice, Response.ok());

    String home = Browser.id(first.route());
    assertThat(custom.heard)
        .containsExactly(
            "UNBOUND " + home + " (NO_KEY)",
            "UNBOUND " + home + " (NO_KEY)",
            "UNBOUND " + home + " (NO_KEY)");
    assertThat(login.route()).hasToString("KEPT " + home);
  }

  @Test
  void foreignSetCookies_areRemovedWhoeverKeepsTheSession() {
    visit(AppFixture.sets("SID=x"));
    Response answer = AppFixture.sets("a=1", LbFixture.COOKIE + "=theirs; Path=/");

    StickyExchange<Sent, Response> exchange = visit(answer);

    assertThat(exchange.route().affinity()).isZero();
    assertThat(answer.setCookies()).containsExactly("a=1");
    assertThat(router.responseStats().foreignSetCookies()).isEqualTo(1);
  }

  @Test
  void endSession_unbindsAndDeletesBoth() {
    visit(AppFixture.sets("SID=x"));
    Response last = Response.ok();
    try (StickyExchange<Sent, Response> exchange = router.begin(Sent.by(alice))) {
      exchange.endSession(last);
    }

    assertThat(scene.here.size()).isZero();
    assertThat(last.setCookies()).singleElement().asString().endsWith("; Max-Age=0");
  }

  @Test
  void countsOfAllAreAddedUp() {
    visit(AppFixture.sets("SID=x", LbFixture.COOKIE + "=theirs"));
    new Browser().take(Response.ok());
    ExchangeScene.visit(router, new Browser().with(LbFixture.COOKIE, "bad"), Response.ok());
    visit(AppFixture.sets("SID=; Max-Age=0"));

    ResponseStats stats = router.responseStats();
    assertThat(stats.issued()).isEqualTo(2);
    assertThat(stats.learned()).isEqualTo(1);
    assertThat(stats.unlearned()).isEqualTo(1);
    assertThat(stats.foreignSetCookies()).isEqualTo(1);
    assertThat(stats.foreignCookies()).isEqualTo(1);
    assertThat(stats.issued()).isEqualTo(scene.lb.responseStats().issued());
    assertThat(stats.learned()).isEqualTo(scene.app.responseStats().learned());
  }

  @Test
  void aPoolThatIsNotTheLbCookies_isRefusedWhereverItStands() {
    Pool other = Pool.of("other", LbFixture.backend("a"));
    for (HttpAffinity<Sent, Response> chain :
        List.of(scene.app.orElse(scene.lb), scene.lb.orElse(scene.app))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HttpRouter.of(other, chain))
          .withMessage("pool: other (expected: the affinity's own, web)");
    }
  }

  @Test
  void aChainWithSourceIp_needsTheOpenProfile() {
    HttpAffinity<Sent, Response> chain = scene.app.orElse(HttpAffinity.of(
        KeyAffinity.builder(KeyExtractor.<Sent>string(sent -> sent.field("User")))
            .session(StickySession.sourceIp())
            .build(),
        scene.access));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpRouter.of(scene.pool, chain))
        .withMessageContaining("source-ip")
        .withMessageContaining("Profile.OPEN");
    assertThat(scene.router(chain).begin(Sent.of().with("User", "u")).route().affinity())
        .isEqualTo(1);
  }

  @Test
  void aChainOfPlainAffinities_keepsThePositions() {
    Affinity<Sent> users = byField("User");
    Affinity<Sent> groups = byField("Group");
    HttpRouter<Sent, Response> three = scene.router(
        HttpAffinity.<Sent, Response>of(users.orElse(groups), scene.access).orElse(scene.lb));
    Response answer = Response.ok();

    StickyExchange<Sent, Response> user = three.begin(Sent.of().with("User", "u"));
    StickyExchange<Sent, Response> group = three.begin(Sent.of().with("Group", "g"));
    StickyExchange<Sent, Response> neither = three.begin(Sent.of());
    group.responded(answer);
    assertThat(answer.changes()).as("no LB cookie").isZero();
    neither.responded(answer);

    assertThat(user.route().affinity()).isZero();
    assertThat(group.route().affinity()).isEqualTo(1);
    assertThat(neither.route().affinity()).isEqualTo(2);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(three.begin(Sent.of().with("Group", "g")).route())
        .hasToString("KEPT " + Browser.id(group.route()));
  }

  private static Affinity<Sent> byField(String name) {
    return KeyAffinity.builder(KeyExtractor.<Sent>string(sent -> sent.field(name)))
        .build();
  }

  @Test
  void moreAffinitiesThanAChainCanHave_areRefused() {
    HttpAffinity<Sent, Response> chain = scene.lb;
    for (int i = 1; i < Affinity.MAX_CHAIN; i++) {
      chain = chain.orElse(scene.lb);
    }
    HttpAffinity<Sent, Response> most = chain;

    assertThat(most.parts()).hasSize(Affinity.MAX_CHAIN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> most.orElse(scene.app))
        .withMessage("affinities: 9 (expected: 1..8)");
  }

  @Test
  void aChain_saysWhatItIsMadeOf() {
    HttpAffinity<Sent, Response> chain = scene.app.orElse(scene.lb);

    assertThat(chain).hasToString("[" + scene.app + ", " + scene.lb + "]");
    assertThat(chain.access()).isSameAs(scene.access);
    assertThat(chain.learns()).isTrue();
    assertThat(chain.session()).isEqualTo(scene.app.session());
    assertThat(chain.environment()).isSameAs(scene.environment);
  }

  @Test
  void aDeletionOrAnUnknownRequest_isRecalledByTheFirstThatHasAKey() {
    assertThat(router.peek(Sent.of()).reason()).isEqualTo(Reason.UNKNOWN);
    visit(AppFixture.sets("SID=x"));
    assertThat(router.peek(Sent.by(alice)).name()).isNotNull();
    assertThat(router.unbind(Sent.by(alice))).isTrue();
    assertThat(router.unbind(Sent.by(alice))).isFalse();
  }

  /** An affinity of an embedder's own, which knows no session here and changes fields. */
  private final class Custom extends ForwardingAffinity<Sent>
      implements HttpAffinity<Sent, Response> {
    private final List<String> heard = new ArrayList<>();
    private final Affinity<Sent> nobody;
    private final String cookieField;

    Custom(String cookieField) {
      this(cookieField, byField("Nobody"));
    }

    private Custom(String cookieField, Affinity<Sent> nobody) {
      super(nobody);
      this.nobody = nobody;
      this.cookieField = cookieField;
    }

    @Override
    public Recall recall(Sent request, PoolSnapshot now) {
      return nobody.recall(request, now);
    }

    @Override
    public Recall peek(Sent request, PoolSnapshot now) {
      return nobody.peek(request, now);
    }

    @Override
    public long key(Sent request) {
      return nobody.key(request);
    }

    @Override
    public boolean admits(Sent request, long key) {
      return true;
    }

    @Override
    public HttpAccess<Sent, Response> access() {
      return scene.access;
    }

    @Override
    public void onResponse(Sent request, Route route, Response response) {
      heard.add(route.toString());
    }

    @Override
    public Map<String, List<String>> fieldsToBackend(Sent request) {
      return Map.of(
          cookieField,
          List.of(request.cookies().get(0) + "; custom=1"),
          "X-User",
          List.of(request.field("User")));
    }

    @Override
    public ResponseStats responseStats() {
      return ResponseStats.NONE;
    }
  }
}
