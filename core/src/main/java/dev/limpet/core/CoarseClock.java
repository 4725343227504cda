package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A monotonic clock that an executor advances, so that reading it is one volatile read. Made by
 * {@link NanoClock#coarse(ScheduledExecutorService, Duration)}. Safe for use by many threads at
 * once.
 *
 * <p>It is never ahead of {@link System#nanoTime} and, while the executor runs on time, lags behind
 * by at most its resolution. If the executor stalls, the clock stops, and later continues from
 * where it stopped: a stall longer than one resolution is not made up for. So bindings expire later
 * by the length of the stalls, never earlier.
 *
 * <p>{@link #close} stops the task; after that the clock advances with {@link System#nanoTime}.
 * Close it before you shut down the executor. If an executor drops the task, the clock stops
 * forever.
 */
public final class CoarseClock implements NanoClock, AutoCloseable {
  /*
   * System.nanoTime waits for all loads before it, such as the one that fetches a binding from
   * memory. A volatile read does not, so the lookup of the next request can begin earlier.
   *
   * A use during a stall is recorded with the time at which the stall began. If the clock caught
   * up, that use would seem older by the length of the stall, and its binding would expire early.
   * So the clock does not catch up.
   */

  private static final Duration FINEST = Duration.ofMillis(1);
  private static final Duration COARSEST = Duration.ofSeconds(1);
  private static final int TICKS_PER_RESOLUTION = 4;
  private static final long CLOSED = Long.MIN_VALUE;

  private final NanoClock source;
  private final Duration resolution;
  private final Future<?> ticking;
  private volatile long now;
  private volatile long lost; // written under the lock, as now is

  CoarseClock(NanoClock source, ScheduledExecutorService executor, Duration resolution) {
    if (resolution.compareTo(FINEST) < 0 || resolution.compareTo(COARSEST) > 0) {
      throw new FaultException(Fault.ofDuration("resolution", resolution, FINEST, COARSEST, ""));
    }
    this.source = requireNonNull(source, "source");
    this.resolution = resolution;
    this.now = open(source.nanos());
    long period = resolution.toNanos() / TICKS_PER_RESOLUTION;
    this.ticking =
        executor.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
  }

  @Override
  public long nanos() {
    long published = now;
    return (published != CLOSED) ? published : source.nanos() - lost;
  }

  @Override
  public Duration resolution() {
    return resolution;
  }

  /**
   * Stops the task. The clock then advances with {@link System#nanoTime}, from its present time.
   * Closing it again does nothing.
   */
  @Override
  public void close() {
    ticking.cancel(false);
    tick();
    synchronized (this) {
      now = CLOSED;
    }
  }

  private synchronized void tick() {
    if (now == CLOSED) {
      return;
    }
    long passed = source.nanos() - lost - now;
    long stalled = Math.max(passed - resolution.toNanos(), 0);
    lost += stalled;
    now = open(now + passed - stalled);
  }

  /** {@return a time that differs from the mark of a closed clock} */
  private static long open(long nanos) {
    return (nanos == CLOSED) ? CLOSED + 1 : nanos;
  }
}
