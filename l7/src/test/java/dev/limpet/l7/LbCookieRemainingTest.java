package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Drained;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sessions of 16 minutes that are renewed after one, so that a token lives for 17. */
class LbCookieRemainingTest {
  private static final Duration LIFE = LbFixture.DURATION.plus(LbFixture.THRESHOLD);

  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void atFirst_anEarlierProcessMayHaveMadeTokens() {
    assertThat(left(web, "a")).isEqualTo(LIFE);

    web.clock.advance(LIFE.minusSeconds(1));
    assertThat(left(web, "a")).hasSeconds(1);
    assertThat(web.affinity.remaining("a").isNothing()).isFalse();
    assertThat(web.affinity.remaining("a").bindings()).isEmpty();

    web.clock.advance(Duration.ofSeconds(1));
    assertThat(web.affinity.remaining("a").isNothing()).isTrue();
    assertThat(web.affinity.remaining("a")).isEqualTo(Remaining.NOTHING);
  }

  @Test
  void whatIsLeft_isTheLastTokensLife() {
    web.clock.advance(LIFE);
    String home = Browser.id(alice.visit(web.router));
    web.clock.advance(Duration.ofMinutes(3));
    assertThat(left(web, home)).isEqualTo(LIFE.minusMinutes(3));

    alice.visit(web.router);

    assertThat(alice.setCookies()).hasSize(1);
    assertThat(left(web, home)).isEqualTo(LIFE);
    assertThat(left(web, "d")).isZero();
  }

  @Test
  void nothingIsLeft_exactlyWhenTheLastTokenEnds() {
    web.clock.advance(LIFE.plusMillis(700));
    String home = Browser.id(alice.visit(web.router));

    while (!web.affinity.remaining(home).isNothing()) {
      assertThat(web.router.route(alice.request()).outcome()).isEqualTo(Outcome.KEPT);
      web.clock.advance(
          left(web, home).compareTo(Duration.ofMinutes(1)) > 0
              ? Duration.ofMinutes(1)
              : Duration.ofMillis(100));
    }

    assertThat(web.router.route(alice.request()).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void aRequestThatHasNoResponseYet_counts() {
    web.clock.advance(LIFE);

    String home = Browser.id(web.router.route(Request.of()));

    assertThat(left(web, home)).isEqualTo(LIFE);
  }

  @Test
  void aResponseThatTookAWhile_beginsItsTokensLife() {
    web.clock.advance(LIFE);
    Request request = alice.request();
    Route route = web.router.route(request);
    web.clock.advance(Duration.ofSeconds(10));

    alice.receive(web.router, request, route, Response.ok());

    assertThat(left(web, Browser.id(route))).isEqualTo(LIFE);
  }

  @Test
  void aMovedSession_belongsToItsNewBackend() {
    String home = Browser.id(alice.visit(web.router));
    web.clock.advance(LIFE.minusSeconds(10));
    web.pool.change(edit -> edit.down(home));

    String next = Browser.id(alice.visit(web.router));
    web.clock.advance(Duration.ofSeconds(10));

    assertThat(next).isNotEqualTo(home);
    assertThat(left(web, home)).isZero();
    assertThat(left(web, next)).isEqualTo(LIFE.minusSeconds(10));
  }

  @Test
  void aLentSession_belongsToItsOwnBackend() {
    LbFixture lending = new LbFixture(Failover.LEND);
    String home = Browser.id(alice.visit(lending.router));
    lending.pool.change(edit -> edit.down(home));
    lending.clock.advance(LIFE.minusSeconds(1));

    String lent = Browser.id(alice.visit(lending.router));

    assertThat(lent).isNotEqualTo(home);
    assertThat(alice.setCookies()).hasSize(1);
    assertThat(left(lending, home)).isEqualTo(LIFE);
    assertThat(left(lending, lent)).hasSeconds(1);
  }

  @Test
  void anAbsoluteSession_countsFromItsBind() {
    LbFixture absolute = new LbFixture(Failover.MOVE, session -> session.withMode(Mode.ABSOLUTE));
    absolute.clock.advance(LIFE);
    String home = Browser.id(alice.visit(absolute.router));
    absolute.clock.advance(Duration.ofMinutes(10));

    alice.visit(absolute.router);

    assertThat(left(absolute, home)).isEqualTo(Duration.ofMinutes(6).plusSeconds(1));
  }

  @Test
  void aMaximum_boundsWhatIsLeft() {
    LbFixture combined =
        new LbFixture(Failover.MOVE, session -> session.withMaxDuration(Duration.ofMinutes(20)));
    combined.clock.advance(LIFE);
    String home = Browser.id(alice.visit(combined.router));
    combined.clock.advance(Duration.ofMinutes(15));

    alice.visit(combined.router);

    assertThat(alice.setCookies()).hasSize(1);
    assertThat(left(combined, home)).isEqualTo(Duration.ofMinutes(5).plusSeconds(1));
  }

  @Test
  void aRotationOfKeys_forgetsNothing() {
    web.clock.advance(LIFE);
    String home = Browser.id(alice.visit(web.router));

    web.affinity.rotate(CookieKeys.random());

    assertThat(left(web, home)).isEqualTo(LIFE);
  }

  @Test
  void aClockThatIsSetBack_neitherEndsNorProlongsAWaitForLong() {
    Duration most = LIFE.plusMinutes(1);
    web.clock.advance(LIFE);
    String home = Browser.id(alice.visit(web.router));
    Instant before = web.clock.instant();
    web.clock.advance(Duration.ofDays(-365));

    assertThat(left(web, home)).isEqualTo(most);
    assertThat(left(web, "d")).isEqualTo(most);

    web.clock.advance(most);
    assertThat(left(web, home)).isZero();
    assertThat(left(web, "d")).isZero();

    web.clock.set(before);
    assertThat(left(web, "d")).isZero();
    assertThat(left(web, home)).isEqualTo(LIFE);
  }

  @Test
  void aClockThatStepsBackAndReturns_endsNoWaitEarly() {
    web.clock.advance(LIFE);
    String home = Browser.id(alice.visit(web.router));
    web.clock.advance(Duration.ofMinutes(-5));
    left(web, home);
    web.clock.advance(Duration.ofMinutes(5).plus(LIFE).minusSeconds(1));

    assertThat(web.router.route(alice.request()).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(left(web, home)).hasSeconds(1);
  }

  @Test
  void tokensAfterTheClockWasSetBack_count() {
    web.clock.advance(Duration.ofDays(365));
    String home = Browser.id(alice.visit(web.router));
    web.clock.advance(Duration.ofDays(-365));
    Browser bob = new Browser();
    while (!Browser.id(bob.visit(web.router)).equals(home)) {
      bob = new Browser();
    }
    web.clock.advance(LIFE.minusSeconds(1));

    assertThat(web.router.route(bob.request()).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(left(web, home)).isPositive();

    web.clock.advance(Duration.ofMinutes(2));
    assertThat(left(web, home)).isZero();
  }

  @Test
  void aDrain_endsWhenTheLastTokenDoes() {
    web.clock.advance(LIFE);
    String home = Browser.id(alice.visit(web.router));
    CompletableFuture<Drained> drain =
        web.router.drain(home, Duration.ofDays(1)).toCompletableFuture();

    web.clock.advance(LIFE.minusSeconds(1));
    alice.visit(web.router);
    web.clock.advance(LIFE.minusSeconds(1));
    web.router.advanceDrains();
    assertThat(drain).isNotDone();

    web.clock.advance(Duration.ofSeconds(1));
    web.router.advanceDrains();
    assertThat(drain)
        .isCompletedWithValueMatching(drained -> drained.result() == Drained.Result.DRAINED);
  }

  private static Duration left(LbFixture fixture, String backend) {
    return fixture.affinity.remaining(backend).longest();
  }
}
