package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that an executor advances. */
class CoarseClockTest {
  private static final Duration RESOLUTION = Duration.ofMillis(8);
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 20 * MILLI);
  private final ManualTicker ticker = new ManualTicker();
  private final CoarseClock clock = new CoarseClock(time::get, ticker.executor(), RESOLUTION);

  private long behind() {
    return time.get() - clock.nanos();
  }

  @Test
  void betweenTicks_timeStandsStill() {
    time.addAndGet(2 * MILLI - 1);
    assertThat(behind()).isEqualTo(2 * MILLI - 1);
    ticker.tick();
    assertThat(behind()).isZero();
  }

  @Test
  void ticks_comeFourTimesInAResolution() {
    assertThat(ticker.period()).isEqualTo(Duration.ofMillis(2));
  }

  @Test
  void whileTheExecutorKeepsUp_theClockIsNeverAheadAndAtMostItsResolutionBehind() {
    for (long step = 1; step <= 8 * MILLI; step += 999_983) {
      time.addAndGet(step);
      assertThat(behind()).isBetween(0L, RESOLUTION.toNanos());
      ticker.tick();
      assertThat(behind()).isZero();
    }
  }

  @Test
  void aStallBeyondTheResolution_doesNotCount() {
    time.addAndGet(1_000 * MILLI);
    assertThat(behind()).isEqualTo(1_000 * MILLI);
    ticker.tick();
    assertThat(behind()).isEqualTo(992 * MILLI);

    time.addAndGet(8 * MILLI);
    ticker.tick();
    assertThat(behind()).isEqualTo(992 * MILLI);
  }

  @Test
  void aClosedClock_goesOnByTheTimeWhereItIs() {
    time.addAndGet(100 * MILLI);
    ticker.tick();
    clock.close();
    assertThat(ticker.isCancelled()).isTrue();

    long closed = clock.nanos();
    time.addAndGet(1);
    assertThat(clock.nanos() - closed).isEqualTo(1);
    time.addAndGet(500 * MILLI);
    assertThat(clock.nanos() - closed).isEqualTo(500 * MILLI + 1);
    clock.close();
    assertThat(clock.nanos() - closed).isEqualTo(500 * MILLI + 1);
  }

  @Test
  void aTickThatWasUnderWayWhenItWasClosed_changesNothing() {
    Runnable underWay = ticker.task();
    clock.close();
    long closed = clock.nanos();
    time.addAndGet(MILLI);
    underWay.run();
    assertThat(clock.nanos() - closed).isEqualTo(MILLI);
    time.addAndGet(MILLI);
    assertThat(clock.nanos() - closed).isEqualTo(2 * MILLI);
  }

  @Test
  void anyTime_canBeTold() {
    time.set(Long.MIN_VALUE);
    CoarseClock atTheMark = new CoarseClock(time::get, new ManualTicker().executor(), RESOLUTION);
    assertThat(atTheMark.nanos() - Long.MIN_VALUE).isBetween(0L, 1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.000999999S", "PT0S", "PT-1S", "PT1.000000001S"})
  void aResolutionOutOfRange_isRefused(Duration resolution) {
    assertThatThrownBy(() -> NanoClock.coarse(new ManualTicker().executor(), resolution))
        .isInstanceOf(FaultException.class)
        .hasMessage("resolution: " + resolution + " (expected: PT0.001S..PT1S)");
  }

  @Test
  void theResolution_isTold() {
    assertThat(clock.resolution()).isEqualTo(RESOLUTION);
    assertThat(NanoClock.system().resolution()).isZero();
  }

  @Test
  void anExecutorThatIsShutDown_isSaidSo() {
    ScheduledExecutorService down = Executors.newSingleThreadScheduledExecutor();
    down.shutdown();
    assertThatThrownBy(() -> NanoClock.coarse(down, RESOLUTION))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  @Timeout(60)
  void aRealExecutor_advancesIt() throws InterruptedException {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try (CoarseClock real = NanoClock.coarse(executor, Duration.ofMillis(1))) {
      long begun = real.nanos();
      for (int look = 0; look < 1_000 || real.nanos() == begun; look++) {
        long coarse = real.nanos();
        assertThat(System.nanoTime() - coarse).isNotNegative();
        Thread.onSpinWait();
      }
    } finally {
      executor.shutdown();
      assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
