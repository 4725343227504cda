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

/**
 * A duration of 16 minutes and therefore a threshold of one minute, unless a test says otherwise.
 */
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
}
