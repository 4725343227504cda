package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Pause;
import dev.limpet.core.PausingClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.Threads;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickClockTest {
  private static final Duration T = Duration.ofSeconds(64);
  private static final long TICK = 1_000_000_000;
  private static final long YEAR = Duration.ofDays(365).toNanos();

  private final ManualClock nanos = new ManualClock(0);
  private final TickClock clock = TickClock.of(session(), nanos);

  @Test
  void aTick_isA64thOfTheDurationAndOneObject() {
    Tick first = clock.now();
    nanos.advance(TICK - 1);
    assertThat(clock.now()).isSameAs(first);
    nanos.advance(1);
    assertThat(clock.now().number()).isEqualTo(1);
    assertThat(clock.now().end()).isEqualTo(2 * TICK);
    nanos.advance(62 * TICK);
    assertThat(clock.now().number()).isEqualTo(63);
  }

  @Test
  void aTickOfABind_isA32ndOfTheLongestLife() {
    TickClock absolute = TickClock.of(session().withMode(Mode.ABSOLUTE), nanos);
    TickClock combined = TickClock.of(session().withMaxDuration(T.multipliedBy(3)), nanos);
    TickClock shorter = TickClock.of(session().withMaxDuration(T.dividedBy(2)), nanos);
    nanos.advance(T);
    assertThat(absolute.now().stamp()).isEqualTo(32 << 8);
    assertThat(combined.now().stamp()).isEqualTo(10 << 8 | 64);
    assertThat(shorter.now().stamp()).isEqualTo(64 << 8 | 128);
    assertThat(clock.now().stamp()).isEqualTo(64);
  }

  @Test
  void whereTheClockStepsBack_timeStandsStill() {
    nanos.advance(10 * TICK);
    Tick tick = clock.now();
    nanos.advance(-50 * TICK);
    assertThat(clock.now()).isSameAs(tick);
    nanos.advance(50 * TICK);
    assertThat(clock.now()).isSameAs(tick);
    nanos.advance(TICK);
    assertThat(clock.now().number()).isEqualTo(11);
  }

  @Test
  void whereTheClockStepsBack_noMoreThanATickHasNotPassed() {
    nanos.advance(10 * TICK + 7);
    assertThat(clock.elapsed()).isEqualTo(10 * TICK + 7);
    nanos.advance(-5 * TICK);
    assertThat(clock.elapsed()).isEqualTo(10 * TICK);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 5 * TICK})
  void timeMay_startAnywhereAndGoOnForCenturies(long start) {
    ManualClock somewhere = new ManualClock(start);
    TickClock itsClock = TickClock.of(session().withMaxDuration(T.multipliedBy(2)), somewhere);
    for (long year = 1; year <= 292; year++) {
      somewhere.advance(YEAR);
      Tick now = itsClock.now();
      assertThat(now.number()).isEqualTo(year * (YEAR / TICK));
      assertThat(now.end()).isGreaterThan(year * YEAR);
    }
  }

  @Test
  void withoutAMaximum_timeGoesOnForCenturiesToo() {
    for (long year = 1; year <= 292; year++) {
      nanos.advance(YEAR);
      assertThat(clock.now().number()).isEqualTo(year * (YEAR / TICK));
    }
    nanos.advance(Long.MAX_VALUE - 292 * YEAR);
    assertThat(clock.now().number()).isEqualTo(Long.MAX_VALUE / TICK);
    assertThat(clock.now().end()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 31, 32, 33, 63, 64, 65, 127, 1_000_000_007})
  void ticksOfAnyDuration_addUpToItAndHardlyMore(long duration) {
    StickySession session = session().withDuration(Duration.ofNanos(duration));
    for (Mode mode : Mode.values()) {
      ManualClock its = new ManualClock(0);
      TickClock itsClock = TickClock.of(session.withMode(mode), its);
      its.advance(duration + 65);
      assertThat(itsClock.now().number()).isLessThanOrEqualTo(64 + 65);
      its.advance(-65);
      Tick fresh = TickClock.of(session.withMode(mode), its).now();
      assertThat(fresh.number()).isZero();
      assertThat(64 * fresh.end()).isBetween(duration, duration + 64);
    }
  }

  @Test
  void aReadingThatWasLongOnItsWay_doesNotTurnTimeBack() {
    PausingClock slow = new PausingClock();
    TickClock itsClock = TickClock.of(session(), slow);
    slow.advance(TICK);
    Pause.at(PausingClock.READING, () -> {
      slow.advance(4 * TICK);
      assertThat(itsClock.now().number()).isEqualTo(5);
    });
    assertThat(itsClock.now().number()).isEqualTo(5);
    assertThat(itsClock.now().number()).isEqualTo(5);
  }

  @Test
  void noThread_seesTimeRunBackwards() throws InterruptedException {
    AtomicLong latest = new AtomicLong();
    Threads.together(4, thread -> {
      for (int reading = 0; reading < 50_000; reading++) {
        long published = latest.get();
        nanos.advance(TICK / 3);
        long seen = clock.now().number();
        assertThat(seen).isGreaterThanOrEqualTo(published);
        latest.accumulateAndGet(seen, Math::max);
      }
    });
    assertThat(clock.now().number()).isEqualTo(200_000 * (TICK / 3) / TICK);
  }

  private static StickySession session() {
    return StickySession.custom().withDuration(T);
  }
}
