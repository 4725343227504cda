package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Bound.Status;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of a {@link StickyTable} about expiration; see {@link StickyTableContract}. */
abstract class StickyTableTimeContract extends StickyTableCountContract {
  private static final Duration T = Duration.ofMinutes(20);
  private static final Duration MAX = Duration.ofHours(2);
  private static final long KEY = 42;

  private ManualClock clock = new ManualClock(0);

  @ParameterizedTest
  @ValueSource(strings = {"PT0.1S", "PT1S", "PT10S", "PT63S", "PT64S", "PT65S", "PT20M", "PT24H"})
  void sliding_livesForItsDurationAndLittleLonger(Duration duration) {
    livesFor(duration, sliding(duration));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.1S", "PT1S", "PT10S", "PT64S", "PT20M", "PT24H", "P365D"})
  void absolute_livesForItsDurationAndLittleLonger(Duration duration) {
    livesFor(duration, absolute(duration));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT2S", "PT1M", "PT20M", "PT24H"})
  void sliding_livesForItsDurationAfterEachUse(Duration duration) {
    StickyTable table = bound(sliding(duration));
    for (int percent = 1; percent <= 100; percent++) {
      clock.advance(duration.multipliedBy(percent).dividedBy(100).minusNanos(1));
      assertThat(table.lookup(KEY)).isEqualTo("a");
    }
    clock.advance(duration.plus(late(duration)));
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void sliding_usedMoreOftenThanOnceASecond_neverExpires() {
    useMoreOftenThanOnceASecond();
  }

  @Test
  void sliding_lastOfManyCloseUsesCounts() {
    StickyTable table = newTable(sliding(T), 1000, clock);
    for (long uses = 1; uses <= 500; uses++) {
      table.bind(uses, null, "a", true);
      for (int use = 0; use < uses; use++) {
        clock.advance(Duration.ofMillis(77));
        assertThat(table.lookup(uses)).isEqualTo("a");
      }
      clock.advance(T.minusNanos(1));
      assertThat(table.peek(uses)).isEqualTo("a");
    }
  }

  @Test
  void peek_isNoUse() {
    StickyTable table = bound(sliding(T));
    clock.advance(T.dividedBy(2));
    table.peek(KEY);
    clock.advance(T.dividedBy(2).plus(late(T)));
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void held_isAUse() {
    StickyTable table = bound(sliding(T));
    clock.advance(T.minusNanos(1));
    assertThat(table.bind(KEY, null, "b", false)).isEqualTo(Bound.held("a"));
    clock.advance(T.minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("a");
  }

  @Test
  void sliding_rebindIsAUse() {
    StickyTable table = bound(sliding(T));
    clock.advance(T.minusNanos(1));
    assertThat(table.bind(KEY, "a", "b", false)).isEqualTo(Bound.stored("b"));
    clock.advance(T.minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("b");
  }

  @Test
  void absolute_noUseProlongs() {
    StickyTable table = bound(absolute(T));
    for (int minute = 1; minute < 20; minute++) {
      clock.advance(Duration.ofMinutes(1));
      assertThat(table.lookup(KEY)).isEqualTo("a");
      assertThat(table.bind(KEY, null, "b", false)).isEqualTo(Bound.held("a"));
    }
    clock.advance(Duration.ofMinutes(1).plus(late(T)));
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void absolute_reboundSessionKeepsItsAge() {
    StickyTable table = bound(absolute(T));
    clock.advance(T.dividedBy(2));
    table.bind(KEY, "a", "b", false);
    clock.advance(T.dividedBy(2).minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("b");
    clock.advance(late(T));
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void combined_livesForItsMaximumIfUsed() {
    useUntilTheMaximum();
  }

  @Test
  void combined_livesForItsDurationIfNotUsed() {
    livesFor(T, combined());
  }

  @Test
  void combined_reboundSessionKeepsItsAge() {
    StickyTable table = bound(combined());
    Duration left = useEvery(table, Duration.ofMinutes(7), MAX);
    table.bind(KEY, "a", "b", true);
    clock.advance(left);
    assertThat(table.lookup(KEY)).isEqualTo("b");
    clock.advance(late(MAX).plusNanos(1));
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void expiredBinding_isNone() {
    StickyTable table = bound(sliding(T));
    clock.advance(T.plus(late(T)));

    assertThat(table.unbind(KEY, "a")).isFalse();
    assertThat(table.bind(KEY, "a", "b", false)).isEqualTo(Bound.ABSENT);
    assertThat(table.bind(KEY, null, "b", false)).isEqualTo(Bound.stored("b"));
  }

  @Test
  void sessionThatBeginsAgain_isYoung() {
    StickyTable table = bound(absolute(T));
    clock.advance(T.plus(late(T)));
    table.bind(KEY, null, "b", false);
    clock.advance(T.minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("b");
  }

  @Test
  void clockThatStepsBackAndReturns_expiresNothingEarly() {
    clock = new ManualClock(Duration.ofSeconds(100).toNanos());
    StickyTable table = bound(sliding(Duration.ofSeconds(10)));
    clock.advance(Duration.ofSeconds(-50));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(Duration.ofSeconds(51));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("a");
  }

  @Test
  void clockThatStandsStill_expiresNothing() {
    StickyTable table = bound(absolute(Duration.ofSeconds(1)));
    for (int use = 0; use < 1000; use++) {
      assertThat(table.lookup(KEY)).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE - 5_000_000_000L,
        (1L << 31) * 1_000_000,
        (1L << 32) * 1_000_000,
        4_294_080_000_000_000L
      })
  void clock_mayStartAnywhere(long start) {
    for (long before : new long[] {0, 1, 5_000_000_000L, T.toNanos()}) {
      clock = new ManualClock(start - before);
      livesFor(T, sliding(T));
      livesFor(T, absolute(T));
      clock = new ManualClock(start - before);
      useUntilTheMaximum();
      clock = new ManualClock(start - before);
      useMoreOftenThanOnceASecond();
    }
  }

  private void useUntilTheMaximum() {
    StickyTable table = bound(combined());
    clock.advance(useEvery(table, Duration.ofMinutes(7), MAX));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(late(MAX).plusNanos(1));
    assertThat(table.lookup(KEY)).isNull();
  }

  private void useMoreOftenThanOnceASecond() {
    StickyTable table = bound(sliding(Duration.ofSeconds(10)));
    for (int use = 0; use < 200; use++) {
      clock.advance(Duration.ofMillis(900));
      assertThat(table.lookup(KEY)).isEqualTo("a");
    }
    clock.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("a");
  }

  private void livesFor(Duration duration, StickySession session) {
    StickyTable table = bound(session);
    clock.advance(duration.minusNanos(1));
    assertThat(table.peek(KEY)).isEqualTo("a");
    clock.advance(late(duration).plusNanos(1));
    assertThat(table.peek(KEY)).isNull();
    assertThat(table.lookup(KEY)).isNull();
  }

  /**
   * Uses the binding as often as the time allows. Returns the rest of the time, less one
   * nanosecond.
   */
  private Duration useEvery(StickyTable table, Duration step, Duration time) {
    long uses = time.minusNanos(1).dividedBy(step);
    for (long use = 0; use < uses; use++) {
      clock.advance(step);
      assertThat(table.lookup(KEY)).isEqualTo("a");
    }
    return time.minus(step.multipliedBy(uses)).minusNanos(1);
  }

  private StickyTable bound(StickySession session) {
    StickyTable table = newTable(session, 10, clock);
    assertThat(table.bind(KEY, null, "a", false).status()).isEqualTo(Status.STORED);
    return table;
  }

  static Duration late(Duration duration) {
    return duration.dividedBy(32).plusSeconds(2);
  }

  static StickySession sliding(Duration duration) {
    return StickySession.custom().withDuration(duration);
  }

  static StickySession absolute(Duration duration) {
    return sliding(duration).withMode(Mode.ABSOLUTE);
  }

  private static StickySession combined() {
    return sliding(T).withMaxDuration(MAX);
  }
}
