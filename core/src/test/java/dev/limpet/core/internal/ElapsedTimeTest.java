package dev.limpet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElapsedTimeTest {
  private static final long TICK = 100;

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 250, -250})
  void time_startsAtZeroAndGoesWithTheClock(long start) {
    ManualClock clock = new ManualClock(start);
    ElapsedTime time = new ElapsedTime(clock::nanos, TICK);
    long expected = 0;
    for (long step : new long[] {0, 1, 99, 100, 101, 1_000_000, 1}) {
      clock.advance(step);
      expected += step;
      assertThat(time.nanos()).isEqualTo(expected);
    }
  }

  @Test
  void time_standsStillUntilTheClockHasCaughtUp() {
    ManualClock clock = new ManualClock(Long.MAX_VALUE);
    ElapsedTime time = new ElapsedTime(clock::nanos, TICK);
    clock.advance(1_000);
    assertThat(time.nanos()).isEqualTo(1_000);
    clock.advance(-900);
    for (int i = 0; i < 9; i++) {
      assertThat(time.nanos()).isEqualTo(1_000);
      clock.advance(100);
    }
    assertThat(time.nanos()).isEqualTo(1_000);
    clock.advance(1);
    assertThat(time.nanos()).isEqualTo(1_001);
  }

  @Test
  void time_runsBackByATickAtMost() {
    ManualClock clock = new ManualClock(0);
    ElapsedTime time = new ElapsedTime(clock::nanos, TICK);
    long greatest = 0;
    for (int i = 0; i < 10_000; i++) {
      clock.advance(i % 37);
      greatest = Math.max(greatest, time.nanos());
      clock.advance(-TICK * 1_000);
      assertThat(time.nanos()).isBetween(greatest - TICK, greatest);
      clock.advance(TICK * 1_000);
      assertThat(time.nanos()).isGreaterThanOrEqualTo(greatest);
    }
  }

  @Test
  void time_neverRunsBackWithoutTicks() {
    ManualClock clock = new ManualClock(0);
    ElapsedTime time = new ElapsedTime(clock::nanos, 0);
    clock.advance(7);
    assertThat(time.nanos()).isEqualTo(7);
    clock.advance(-1);
    assertThat(time.nanos()).isEqualTo(7);
  }

  @Test
  void clockBeforeItsStart_isTheStart() {
    ManualClock clock = new ManualClock(0);
    ElapsedTime time = new ElapsedTime(clock::nanos, TICK);
    clock.advance(-1);
    assertThat(time.nanos()).isZero();
    clock.advance(Long.MIN_VALUE + 1);
    assertThat(time.nanos()).isZero();
  }
}
