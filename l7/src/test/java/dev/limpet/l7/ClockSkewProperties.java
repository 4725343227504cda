package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/**
 * Two proxies whose clocks differ, and a client that visits them in turn. Times are milliseconds.
 */
class ClockSkewProperties {
  private static final long TOLERATED = 60_000;

  @Provide
  Arbitrary<StickySession> sessions() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(300, 5000);
    Arbitrary<Double> longer = Arbitraries.doubles().between(1, 8);
    return seconds.flatMap(s -> longer.flatMap(factor -> {
      StickySession session = LbFixture.sessions().withDuration(Duration.ofSeconds(s));
      return Arbitraries.of(
          session,
          session.withMode(Mode.ABSOLUTE),
          session.withMaxDuration(Duration.ofSeconds(Math.round(s * factor))));
    }));
  }

  @Property(tries = 300)
  void aSessionUsedWithinItsDurationButAMinute_staysAndIsRefreshedOncePerThreshold(
      @ForAll("sessions") StickySession session,
      @ForAll @LongRange(min = -30_000, max = 30_000) long skew,
      @ForAll @LongRange(min = -30_000, max = 30_000) long otherSkew,
      @ForAll @Size(min = 10, max = 40) List<@DoubleRange(min = 0, max = 1) Double> gaps) {
    Pair pair = new Pair(session, skew, otherSkew);
    long idle = session.duration().toMillis() - TOLERATED;
    long life = pair.maxLife() - TOLERATED;
    pair.visit(0);

    int cookies = 0;
    for (int i = 0; i < gaps.size() && pair.age() + idle * gaps.get(i) <= life; i++) {
      pair.web.clock.advance(Duration.ofMillis((long) (idle * gaps.get(i))));
      assertThat(pair.visit(i + 1).outcome()).isEqualTo(Outcome.KEPT);
      cookies += pair.client.setCookies().size();
    }

    long threshold = TokenLife.defaultThreshold(session.duration()).toMillis();
    long refreshes = (session.mode() == Mode.ABSOLUTE) ? 0 : (pair.age() + TOLERATED) / threshold;
    assertThat(cookies).isLessThanOrEqualTo((int) refreshes + 1);
  }

  @Example
  void requestsThatFollowEachOther_setNoCookieAgainAndAgain() {
    Pair pair = new Pair(LbFixture.sessions().withDuration(Duration.ofMinutes(5)), 30_000, -30_000);
    pair.visit(0);

    for (int i = 1; i <= 12; i++) {
      pair.web.clock.advance(Duration.ofSeconds(1));
      assertThat(pair.visit(i).outcome()).isEqualTo(Outcome.KEPT);
      assertThat(pair.client.setCookies()).isEmpty();
    }
  }

  @Property(tries = 300)
  void aSessionThatEnds_beginsOnceAndStaysWhereItBegan(
      @ForAll("sessions") StickySession session,
      @ForAll @LongRange(min = -30_000, max = 30_000) long skew,
      @ForAll @LongRange(min = -30_000, max = 30_000) long otherSkew,
      @ForAll @DoubleRange(min = 0.8, max = 1.3) double part) {
    Pair pair = new Pair(session, skew, otherSkew);
    pair.visit(0);
    pair.web.clock.advance(Duration.ofMillis((long) (part * session.duration().toMillis())));
    int news = 0;
    for (int i = 1; i <= 12; i++) {
      news += (pair.visit(i).outcome() == Outcome.NEW) ? 1 : 0;
      pair.web.clock.advance(Duration.ofSeconds(1));
    }

    assertThat(news).isLessThanOrEqualTo(1);
    assertThat(pair.count(Reason.FUTURE)).isZero();
  }

  @Property(tries = 300)
  void clocksTenMinutesOff_serveAndCountAndExtendNoLife(
      @ForAll("sessions") StickySession session,
      @ForAll @LongRange(min = -600_000, max = 600_000) long skew,
      @ForAll @LongRange(min = -600_000, max = 600_000) long otherSkew,
      @ForAll @Size(min = 10, max = 40) List<@DoubleRange(min = 0, max = 1) Double> gaps) {
    Pair pair = new Pair(session, skew, otherSkew);
    pair.visit(0);
    LbToken token = pair.token();
    int fromTheFuture = 0;
    for (int i = 0; i < gaps.size(); i++) {
      pair.web.clock.advance(
          Duration.ofMillis((long) (session.duration().toMillis() * gaps.get(i))));
      fromTheFuture += token.lastSeen() - pair.second(i + 1) > 60 ? 1 : 0;

      Route route = pair.visit(i + 1);

      assertThat(Browser.isServed(route)).isTrue();
      LbToken next = pair.token();
      if (route.outcome() == Outcome.KEPT) {
        assertThat(next.issuedAt()).isEqualTo(token.issuedAt());
        assertThat(next.lastSeen())
            .isBetween(token.lastSeen(), Math.max(token.lastSeen(), pair.second(i + 1)));
        assertThat(pair.second(i + 1) - token.issuedAt())
            .isLessThanOrEqualTo(pair.maxLife() / 1000);
      }
      token = next;
    }
    assertThat(pair.count(Reason.FUTURE)).isEqualTo(fromTheFuture);
  }

  /** The proxies and the client. */
  private static final class Pair {
    final LbFixture web = new LbFixture();
    final Browser client = new Browser();
    private final StickySession session;
    private final long[] skews;
    private final List<HttpRouter<Request, Response>> routers;
    private final long start = web.clock.millis();

    Pair(StickySession session, long... skews) {
      this.session = session;
      this.skews = skews;
      this.routers = List.of(router(skews[0]), router(skews[1]));
    }

    Route visit(int turn) {
      return client.visit(routers.get(turn % 2));
    }

    /** How long the session may live, whatever its use. */
    long maxLife() {
      Duration max = session.maxDuration();
      if (session.mode() == Mode.ABSOLUTE) {
        return session.duration().toMillis();
      }
      return (max == null) ? Long.MAX_VALUE : max.toMillis();
    }

    long age() {
      return web.clock.millis() - start;
    }

    /** What the proxy's clock says. */
    long second(int turn) {
      return Math.floorDiv(web.clock.millis() + skews[turn % 2], 1000L) - 1_704_067_200;
    }

    LbToken token() {
      return LbFixture.token(client);
    }

    long count(Reason reason) {
      return routers.stream().mapToLong(router -> router.stats().count(reason)).sum();
    }

    private HttpRouter<Request, Response> router(long skew) {
      Environment ahead = web.environment.withWallClock(web.clock.ahead(Duration.ofMillis(skew)));
      return HttpRouter.builder(web.pool, web.affinity(b -> b.session(session).environment(ahead)))
          .profile(Profile.OPEN)
          .build();
    }
  }
}
