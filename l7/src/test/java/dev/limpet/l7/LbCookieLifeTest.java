package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A duration of 16 minutes and therefore a threshold of one minute, unless a test says otherwise. */
class LbCookieLifeTest {
  private static final Instant WHOLE_SECOND = Instant.parse("2026-03-01T12:00:00Z");

  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @ParameterizedTest
  @CsvSource({
    "0,   59000,  false", "0,   59999,  false", "0,   60000,  true", "0,   60001,  true",
    "999, 59000,  false", "999, 59001,  true", "500, 59499,  false", "500, 59500,  true"
  })
  void aUseIsRecordedFromTheThresholdOn(long startMillis, long idleMillis, boolean refreshed) {
    web.clock.set(WHOLE_SECOND.plusMillis(startMillis));
    alice.visit(web.router);
    web.clock.advance(Duration.ofMillis(idleMillis));

    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);

    assertThat(alice.setCookies()).hasSize(refreshed ? 1 : 0);
    assertThat(web.router.responseStats().refreshed()).isEqualTo(refreshed ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0,   1019999, true",
    "0,   1020000, false",
    "999, 1018999, true",
    "999, 1019000, true",
    "999, 1019001, false",
    "500, 1019499, true",
    "500, 1019500, false",
    "0,   960000,  true",
    "999, 960000,  true"
  })
  void anIdleSessionEndsWhenDurationAndThresholdHavePassed(
      long startMillis, long idleMillis, boolean alive) {
    web.clock.set(WHOLE_SECOND.plusMillis(startMillis));
    alice.visit(web.router);
    web.clock.advance(Duration.ofMillis(idleMillis));

    Route route = alice.visit(web.router);

    assertThat(route.outcome()).isEqualTo(alive ? Outcome.KEPT : Outcome.NEW);
    assertThat(route.reason()).isEqualTo(alive ? null : Reason.EXPIRED);
  }

  @ParameterizedTest
  @CsvSource({
    "0,   960000, true",
    "0,   960999, true",
    "0,   961000, false",
    "999, 960000, true",
    "999, 960001, false",
    "500, 960499, true",
    "500, 960500, false"
  })
  void anAbsoluteSessionEndsAtItsDurationAtMostOneSecondLate(
      long startMillis, long ageMillis, boolean alive) {
    LbFixture absolute = new LbFixture(Failover.MOVE, session -> session.withMode(Mode.ABSOLUTE));
    absolute.clock.set(WHOLE_SECOND.plusMillis(startMillis));
    alice.visit(absolute.router);
    absolute.clock.advance(Duration.ofMillis(ageMillis));

    Route route = alice.visit(absolute.router);

    assertThat(route.outcome()).isEqualTo(alive ? Outcome.KEPT : Outcome.NEW);
    assertThat(alice.setCookies()).hasSize(alive ? 0 : 1);
  }

  @Test
  void anAbsoluteSession_isNotRenewedByUseOrMove() {
    LbFixture absolute = new LbFixture(Failover.MOVE, session -> session.withMode(Mode.ABSOLUTE));
    Route first = alice.visit(absolute.router);
    absolute.clock.advance(Duration.ofMinutes(15));
    absolute.pool.change(edit -> edit.down(Browser.id(first)));
    assertThat(alice.visit(absolute.router).outcome()).isEqualTo(Outcome.MOVED);

    absolute.clock.advance(Duration.ofMinutes(1));
    assertThat(alice.visit(absolute.router).outcome()).isEqualTo(Outcome.KEPT);
    absolute.clock.advance(Duration.ofSeconds(1));
    assertThat(alice.visit(absolute.router).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void aCombinedSession_endsAtWhicheverComesFirst() {
    LbFixture combined =
        new LbFixture(Failover.MOVE, session -> session.withMaxDuration(Duration.ofMinutes(30)));
    alice.visit(combined.router);
    for (int minute = 5; minute <= 30; minute += 5) {
      combined.clock.advance(Duration.ofMinutes(5));
      assertThat(alice.visit(combined.router).outcome()).isEqualTo(Outcome.KEPT);
    }
    combined.clock.advance(Duration.ofSeconds(1));
    assertThat(alice.visit(combined.router).reason()).isEqualTo(Reason.EXPIRED);

    combined.clock.advance(Duration.ofMinutes(17));
    assertThat(alice.visit(combined.router).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void anExpiredSession_beginsAnewInEveryRespect() {
    alice.visit(web.router);
    LbToken before = LbFixture.token(alice);
    web.clock.advance(Duration.ofHours(1));

    alice.visitRerouted(web.router);

    assertThat(LbFixture.token(alice).issuedAt()).isEqualTo(before.issuedAt() + 3600);
  }

  @Test
  void theThresholdIsASixteenthOfTheDurationAndASecondAtLeast() {
    assertThat(TokenLife.defaultThreshold(Duration.ofSeconds(1))).hasSeconds(1);
    assertThat(TokenLife.defaultThreshold(Duration.ofSeconds(31))).hasSeconds(1);
    assertThat(TokenLife.defaultThreshold(Duration.ofSeconds(32))).hasSeconds(2);
    assertThat(TokenLife.defaultThreshold(Duration.ofMinutes(20))).hasSeconds(75);
  }

  @Test
  void theThresholdCanBeSet() {
    HttpRouter<Request, Response> eager =
        web.router(b -> b.refreshThreshold(Duration.ofSeconds(1)));
    alice.visit(eager);
    web.clock.advance(Duration.ofSeconds(1));

    alice.visit(eager);

    assertThat(alice.setCookies()).hasSize(1);
  }

  @Test
  void aResponseThatArrivesAfterTheSessionExpired_stillRefreshesIt() {
    alice.visit(web.router);
    LbToken before = LbFixture.token(alice);
    Request request = alice.request();
    Route route = web.router.route(request);
    web.clock.advance(Duration.ofHours(1));

    alice.receive(web.router, request, route, Response.ok());

    assertThat(LbFixture.token(alice).session()).isEqualTo(before.session());
    assertThat(LbFixture.token(alice).lastSeen()).isEqualTo(before.lastSeen() + 3600);
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aLateResponse_refreshesTheTokenThatWasValidLast() {
    alice.visit(web.router);
    String old = alice.cookies();
    web.clock.advance(Duration.ofDays(1));
    Browser bob = new Browser();
    bob.visit(web.router);
    Request request = Request.of(old + "; " + bob.cookies());
    Route route = web.router.route(request);
    web.clock.advance(Duration.ofHours(1));

    Browser receiver = new Browser();
    receiver.receive(web.router, request, route, Response.ok());

    assertThat(LbFixture.token(receiver).session())
        .isEqualTo(LbFixture.token(bob).session());
  }

  @Test
  void clockBackByAnHour_makesFreshTokensFutureOnesAndExtendsNoLife() {
    alice.visit(web.router);
    Browser early = new Browser();
    early.visit(web.router);
    web.clock.advance(Duration.ofHours(1));
    alice.visit(web.router);
    assertThat(LbFixture.token(alice).issuedAt())
        .isGreaterThan(LbFixture.token(early).issuedAt());

    web.clock.advance(Duration.ofHours(-1));
    assertThat(alice.visit(web.router).reason()).isEqualTo(Reason.FUTURE);
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(early.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @ParameterizedTest
  @CsvSource({"60, KEPT, ", "61, NEW, FUTURE"})
  void aTokenIsOfTheFutureBeyondTheTolerance(long secondsBack, Outcome outcome, Reason reason) {
    alice.visit(web.router);
    web.clock.advance(Duration.ofSeconds(-secondsBack));

    Route route = alice.visit(web.router);

    assertThat(route.outcome()).isEqualTo(outcome);
    assertThat(route.reason()).isEqualTo(reason);
  }

  @Test
  void clockBackWithinTheTolerance_neverTurnsLastSeenBack() {
    alice.visit(web.router);
    LbToken before = LbFixture.token(alice);
    web.clock.advance(Duration.ofSeconds(-50));
    web.pool.change(edit -> edit.down(Browser.id(web.router.route(alice.request()))));

    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.MOVED);

    assertThat(LbFixture.token(alice).lastSeen()).isEqualTo(before.lastSeen());
  }

  @Test
  void clockTenYearsAheadAndBack_expiresTokensDuringTheJumpOnly() {
    alice.visit(web.router);
    Request request = alice.request();
    web.clock.advance(Duration.ofDays(3653));
    assertThat(web.router.route(request).reason()).isEqualTo(Reason.EXPIRED);
    Browser bob = new Browser();
    bob.visit(web.router);

    web.clock.advance(Duration.ofDays(-3653));

    assertThat(web.router.route(request).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(web.router.route(bob.request()).reason()).isEqualTo(Reason.FUTURE);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01T00:00:00Z",
    "2160-02-07T06:00:00Z",
    "2092-01-19T03:14:07Z",
    "2092-01-19T03:14:08Z"
  })
  void sessionsStick_fromTheFirstSecondToTheLast(Instant start) {
    web.clock.set(start);
    alice.visit(web.router);
    web.clock.advance(Duration.ofMinutes(16));

    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @ParameterizedTest
  @CsvSource({"1970-01-01T00:00:00Z", "2023-12-31T00:00:00Z", "2300-01-01T00:00:00Z"})
  void sessionsStick_evenIfTheClockIsOutOfRange(Instant start) {
    web.clock.set(start);
    alice.visit(web.router);
    web.clock.advance(Duration.ofMinutes(16));

    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void proxiesWhoseClocksDifferByAMinute_agree() {
    for (Duration duration : new Duration[] {Duration.ofMinutes(5), Duration.ofMinutes(20)}) {
      HttpRouter<Request, Response> slow = skewed(Duration.ofSeconds(-30), duration);
      HttpRouter<Request, Response> fast = skewed(Duration.ofSeconds(30), duration);
      Browser browser = new Browser();
      Route first = browser.visit(fast);

      for (int i = 0; i < 10; i++) {
        web.clock.advance(duration.minusSeconds(60));
        Route route = browser.visit(i % 2 == 0 ? slow : fast);
        assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
        assertThat(route.backend()).isEqualTo(first.backend());
      }
    }
  }

  @Test
  void proxiesWhoseClocksDifferByTwentyMinutes_serveAndCountAndExtendNoLife() {
    Duration duration = Duration.ofMinutes(25);
    HttpRouter<Request, Response> slow = skewed(Duration.ofMinutes(-10), duration);
    HttpRouter<Request, Response> fast = skewed(Duration.ofMinutes(10), duration);
    alice.visit(fast);
    Request request = alice.request();

    assertThat(slow.route(request).outcome()).isEqualTo(Outcome.NEW);
    assertThat(slow.stats().count(Reason.FUTURE)).isEqualTo(1);
    assertThat(fast.route(request).outcome()).isEqualTo(Outcome.KEPT);

    web.clock.advance(Duration.ofMinutes(26).plusSeconds(34));
    assertThat(fast.route(request).reason()).isEqualTo(Reason.EXPIRED);
    web.clock.advance(Duration.ofMinutes(20));
    assertThat(slow.route(request).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void aSessionWhoseMaximumPassesBeforeItsResponse_isGivenNoDeadToken() {
    LbFixture limited =
        new LbFixture(Failover.MOVE, session -> session.withMaxDuration(Duration.ofMinutes(20)));
    for (int minutes = 0; minutes < 20; minutes += 2) {
      alice.visit(limited.router);
      limited.clock.advance(Duration.ofMinutes(2));
    }
    Request request = alice.request();
    Route kept = limited.router.route(request);
    limited.clock.advance(Duration.ofSeconds(1));
    alice.receive(limited.router, request, kept, Response.ok());

    assertThat(kept.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(alice.setCookies()).isEmpty();
  }

  private HttpRouter<Request, Response> skewed(Duration ahead, Duration duration) {
    return web.router(
        b -> b.clock(web.clock.ahead(ahead)).session(LbFixture.sessions().withDuration(duration)));
  }
}
