package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.List;

/** A pool of three backends behind LB cookie and app cookie, with clocks that the test sets. */
final class ExchangeScene {
  static final String SECRET = "exchange-scene-exchange-scene-32";
  static final StickySession SID = StickySession.appCookie("SID").withDuration(AppFixture.DURATION);

  final TestClock clock = new TestClock();
  final Environment environment = Environment.of(
          SECRET.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
      .withClock(() -> this.nanos)
      .withWallClock(clock);
  final Sent.Access access = new Sent.Access();
  final CaffeineStickyTable here = CaffeineStickyTable.of(SID, 1_000, environment.clock());
  final Pool pool;
  final LbCookieAffinity<Sent, Response> lb;
  final AppCookieAffinity<Sent, Response> app;
  private long nanos;

  private ExchangeScene(boolean counts, StickyTable given) {
    this.pool = pool(counts);
    this.lb = LbCookieAffinity.builder(pool, access)
        .session(LbFixture.sessions())
        .keys(CookieKeys.builder().signing(1, LbFixture.secret(1)).build())
        .environment(environment)
        .build();
    StickyTable table = (given == null) ? here : given;
    this.app = app(table);
  }

  /** A pool that counts connections. */
  static ExchangeScene counted() {
    return new ExchangeScene(true, null);
  }

  static ExchangeScene uncounted() {
    return new ExchangeScene(false, null);
  }

  /** A pool that counts connections, and a table of the test's own for the app cookie. */
  static ExchangeScene counted(StickyTable table) {
    return new ExchangeScene(true, table);
  }

  private Pool pool(boolean counts) {
    List<Backend> backends =
        List.of(LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));
    var builder = Pool.builder("web").backends(backends).environment(environment);
    return (counts ? builder.countConnections() : builder).build();
  }

  AppCookieAffinity<Sent, Response> app(StickyTable table) {
    return AppCookieAffinity.builder(access)
        .session(SID)
        .environment(environment)
        .table((session, given) -> table)
        .build();
  }

  HttpRouter<Sent, Response> router(HttpAffinity<Sent, Response> affinity) {
    return HttpRouter.builder(pool, affinity).profile(Profile.OPEN).build();
  }

  /** An LB cookie until there is a log-in, and the app cookie from then on. */
  HttpRouter<Sent, Response> chain() {
    return router(app.orElse(lb));
  }

  int connections() {
    return LbFixture.connections(pool);
  }

  void advance(Duration duration) {
    nanos += duration.toNanos();
    clock.advance(duration);
  }

  /** Sends a request of a browser by an exchange, which is closed. */
  static StickyExchange<Sent, Response> visit(
      HttpRouter<Sent, Response> router, Browser browser, Response answer) {
    StickyExchange<Sent, Response> exchange = router.begin(Sent.by(browser));
    exchange.responded(answer);
    exchange.close();
    browser.take(answer);
    return exchange;
  }
}
