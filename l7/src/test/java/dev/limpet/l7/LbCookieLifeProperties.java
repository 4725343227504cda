package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Of sessions of any duration, used at any times by a clock that counts milliseconds. */
class LbCookieLifeProperties {
  @Property(tries = 300)
  void aSessionThatIsUsedWithinItsDurationNeverExpires(
      @ForAll @IntRange(min = 1, max = 5000) int seconds,
      @ForAll @IntRange(min = 0, max = 999) int startMillis,
      @ForAll @Size(max = 20) List<@DoubleRange(min = 0, max = 1) Double> gaps) {
    LbFixture web = of(seconds, startMillis);
    Browser alice = new Browser();
    alice.visit(web.router);

    for (double gap : gaps) {
      web.clock.advance(Duration.ofMillis(Math.round(gap * seconds * 1000)));
      assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
    }
  }

  @Property(tries = 300)
  void aSessionThatIsIdleForLongerThanDurationAndThresholdAlwaysExpires(
      @ForAll @IntRange(min = 1, max = 5000) int seconds,
      @ForAll @IntRange(min = 0, max = 999) int startMillis,
      @ForAll @DoubleRange(min = 0, max = 1) double gap,
      @ForAll @IntRange(min = 0, max = 5000) int moreMillis) {
    LbFixture web = of(seconds, startMillis);
    Browser alice = new Browser();
    alice.visit(web.router);
    web.clock.advance(Duration.ofMillis(Math.round(gap * seconds * 1000)));
    alice.visit(web.router);

    long threshold = Math.max(1, seconds / 16);
    web.clock.advance(Duration.ofSeconds(seconds + threshold).plusMillis(moreMillis));

    assertThat(alice.visit(web.router).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Property(tries = 300)
  void anAbsoluteSessionLivesForItsDurationAndASecondAtMost(
      @ForAll @IntRange(min = 1, max = 5000) int seconds,
      @ForAll @IntRange(min = 0, max = 999) int startMillis,
      @ForAll @DoubleRange(min = 0, max = 1) double part) {
    LbFixture web = new LbFixture(
        Failover.MOVE,
        session -> session.withMode(Mode.ABSOLUTE).withDuration(Duration.ofSeconds(seconds)));
    web.clock.advance(Duration.ofMillis(startMillis));
    Browser alice = new Browser();
    alice.visit(web.router);

    long early = Math.round(part * seconds * 1000);
    web.clock.advance(Duration.ofMillis(early));
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);

    web.clock.advance(Duration.ofMillis(seconds * 1000L + 1000 - early));
    assertThat(alice.visit(web.router).reason()).isEqualTo(Reason.EXPIRED);
  }

  private static LbFixture of(int seconds, int startMillis) {
    LbFixture web =
        new LbFixture(Failover.MOVE, session -> session.withDuration(Duration.ofSeconds(seconds)));
    web.clock.advance(Duration.ofMillis(startMillis));
    return web;
  }
}
