package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions by LB cookie while clocks jump, differ, or are out of range. */
class LbCookieClockTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

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

  private HttpRouter<Request, Response> skewed(Duration ahead, Duration duration) {
    return web.router(b -> b.environment(web.environment.withWallClock(web.clock.ahead(ahead)))
        .session(LbFixture.sessions().withDuration(duration)));
  }
}
