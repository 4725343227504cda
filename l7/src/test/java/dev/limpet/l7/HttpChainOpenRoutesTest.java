package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Drained;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions by app cookie that have an open exchange, in a pool that counts connections. */
class HttpChainOpenRoutesTest {
  private static final Duration LONG = AppFixture.DURATION.multipliedBy(3);

  private final ExchangeScene scene = ExchangeScene.counted();
  private final Browser alice = new Browser();

  /** Whether the app cookie stands alone or in a chain. */
  enum Form {
    ALONE,
    CHAIN
  }

  private HttpRouter<Sent, Response> router(Form form) {
    return (form == Form.CHAIN) ? scene.chain() : scene.router(scene.app);
  }

  private String known() {
    return scene.router(scene.app).peek(Sent.of("SID=x")).name();
  }

  @ParameterizedTest
  @EnumSource
  void anOpenExchange_keepsItsSessionPastTheDuration(Form form) {
    HttpRouter<Sent, Response> router = router(form);
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.of("SID=x"));
    scene.advance(LONG);

    assertThat(router.peek(Sent.of("SID=x")).name()).isEqualTo(Browser.id(open.route()));
    open.close();
    assertThat(known()).isEqualTo(Browser.id(open.route()));
    scene.advance(LONG);
    assertThat(known()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aLongResponseThatSetsALiveSessionAgain_keepsIt(Form form) {
    HttpRouter<Sent, Response> router = router(form);
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> stream = router.begin(Sent.of());
    while (!Browser.id(stream.route()).equals(known())) {
      stream.close();
      stream = router.begin(Sent.of());
    }

    assertThat(stream.respondedAsync(AppFixture.sets("SID=x"))).isCompleted();
    scene.advance(LONG);

    assertThat(router.peek(Sent.of("SID=x")).name()).isEqualTo(Browser.id(stream.route()));
    stream.close();
    assertThat(scene.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aLongResponse_keepsTheSessionThatItBegins(Form form) {
    HttpRouter<Sent, Response> router = router(form);
    StickyExchange<Sent, Response> login = router.begin(Sent.of());
    login.responded(AppFixture.sets("SID=x"));
    scene.advance(LONG);

    StickyExchange<Sent, Response> next = router.begin(Sent.of("SID=x"));

    assertThat(next.route()).hasToString("KEPT " + Browser.id(login.route()));
    assertThat(next.route().affinity()).isZero();
    next.close();
    scene.advance(LONG);
    login.close();
    assertThat(known()).as("a use when it ends").isEqualTo(Browser.id(login.route()));
    assertThat(scene.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aLongResponse_keepsTheSessionThatItBegins_alsoAsynchronously(Form form) {
    HttpRouter<Sent, Response> router = router(form);
    StickyExchange<Sent, Response> login = router.begin(Sent.of());
    assertThat(login.respondedAsync(AppFixture.sets("SID=x")).toCompletableFuture())
        .isCompleted();
    scene.advance(LONG);

    assertThat(router.begin(Sent.of("SID=x")).route())
        .hasToString("KEPT " + Browser.id(login.route()));
    login.close();
  }

  @ParameterizedTest
  @EnumSource
  void aLogOut_endsTheSessionOfOpenExchanges(Form form) {
    HttpRouter<Sent, Response> router = router(form);
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.of("SID=x"));
    StickyExchange<Sent, Response> logout = router.begin(Sent.of("SID=x"));

    logout.responded(AppFixture.sets("SID=; Max-Age=0"));
    logout.close();

    assertThat(known()).isNull();
    open.close();
    assertThat(known()).as("not bound again").isNull();
    assertThat(scene.connections()).isZero();
  }

  /** The session's own backend still serves what is open. */
  @ParameterizedTest
  @EnumSource
  void aLogOutWhileLent_endsTheSessionOfOpenExchanges(Form form) {
    HttpAffinity<Sent, Response> affinity =
        (form == Form.CHAIN) ? scene.app.orElse(scene.lb) : scene.app;
    HttpRouter<Sent, Response> router = HttpRouter.builder(scene.pool, affinity)
        .profile(Profile.OPEN)
        .failover(Failover.LEND)
        .build();
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.of("SID=x"));
    scene.pool.change(edit -> edit.down(Browser.id(open.route())));
    StickyExchange<Sent, Response> lent = router.begin(Sent.of("SID=x"));
    assertThat(lent.route().outcome()).isEqualTo(Outcome.LENT);

    lent.responded(AppFixture.sets("SID=; Max-Age=0"));
    lent.close();
    open.close();

    assertThat(known()).isNull();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void closingWhatAnotherAffinitySees_leavesTheConnection() {
    StickyExchange<Sent, Response> open = scene.chain().begin(Sent.of());
    Route seen = open.route().seenBy(0);

    seen.close();

    assertThat(seen.backend()).isSameAs(open.backend());
    assertThat(seen.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(scene.connections()).isEqualTo(1);
    open.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void endSession_endsTheSessionOfOpenExchanges() {
    HttpRouter<Sent, Response> router = scene.chain();
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.of("SID=x"));
    StickyExchange<Sent, Response> last = router.begin(Sent.of("SID=x"));

    last.endSession(Response.ok());
    last.close();
    open.close();

    assertThat(known()).isNull();
  }

  /** A route keeps one session: that by which it was found. */
  @Test
  void aSessionThatBeginsBesideAnother_doesNotReplaceIt() {
    AppCookieAffinity<Sent, Response> second = AppCookieAffinity.builder(scene.access)
        .session(StickySession.appCookie("OTHER").withDuration(AppFixture.DURATION))
        .environment(scene.environment)
        .build();
    HttpRouter<Sent, Response> router = scene.router(scene.app.orElse(second));
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.of("SID=x"));
    open.responded(AppFixture.sets("OTHER=y"));
    scene.advance(LONG);

    assertThat(router.peek(Sent.of("SID=x")).name()).isEqualTo(Browser.id(open.route()));
    open.close();
    assertThat(known()).isEqualTo(Browser.id(open.route()));
  }

  @Test
  void anotherCookiesDeletion_leavesTheSessionOfTheOpenExchange() {
    AppCookieAffinity<Sent, Response> second = AppCookieAffinity.builder(scene.access)
        .session(StickySession.appCookie("OTHER").withDuration(AppFixture.DURATION))
        .environment(scene.environment)
        .build();
    HttpRouter<Sent, Response> router = scene.router(scene.app.orElse(second));
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.of("SID=x"));
    open.responded(AppFixture.sets("OTHER=; Max-Age=0"));
    scene.advance(LONG);

    assertThat(router.peek(Sent.of("SID=x")).name()).isEqualTo(Browser.id(open.route()));
    open.close();
  }

  @Test
  void aDrain_waitsForSessionsOfBothKinds() {
    HttpRouter<Sent, Response> router = scene.chain();
    StickyExchange<Sent, Response> login =
        ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    String home = Browser.id(login.route());
    CompletableFuture<Drained> drain = router.drain(home, Duration.ofDays(2)).toCompletableFuture();

    scene.advance(LbFixture.DURATION.plus(LbFixture.THRESHOLD));
    router.advanceDrains();
    assertThat(drain).as("the app cookie's session").isNotDone();
    scene.advance(AppFixture.DURATION);
    router.advanceDrains();

    assertThat(drain.join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aDrain_waitsForTheLbCookiesToo() {
    HttpRouter<Sent, Response> router = scene.chain();
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=; Max-Age=0"));
    assertThat(scene.here.size()).isZero();
    String home = router.peek(Sent.by(alice)).name();

    CompletableFuture<Drained> drain = router.drain(home, Duration.ofDays(2)).toCompletableFuture();
    router.advanceDrains();
    assertThat(drain).isNotDone();
    scene.advance(LbFixture.DURATION.multipliedBy(3));
    router.advanceDrains();

    assertThat(drain.join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aBackendWithoutAConnectionLeft_passesTheSessionOnInEitherForm() {
    scene.pool.change(edit -> List.of("a", "b", "c")
        .forEach(id -> edit.replace(LbFixture.backend(id).withMaxConnections(1))));
    HttpRouter<Sent, Response> router = scene.chain();
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> open = router.begin(Sent.by(alice));

    StickyExchange<Sent, Response> next = router.begin(Sent.by(alice));

    assertThat(next.route().outcome()).isEqualTo(Outcome.MOVED);
    assertThat(next.route().reason()).isEqualTo(Reason.BACKEND_FULL);
    assertThat(next.route().affinity()).isZero();
    assertThat(scene.connections()).isEqualTo(2);
    open.close();
    next.close();
    assertThat(scene.connections()).isZero();
  }
}
