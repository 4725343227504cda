package dev.limpet.core;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A monotonic clock for times that never leave the process. Called by many threads at once.
 * Embedders may implement it.
 */
@FunctionalInterface
public interface NanoClock {

  /**
   * {@return the time in nanoseconds since an arbitrary moment; may be negative and may overflow,
   * so only differences are meaningful}
   */
  long nanos();

  /**
   * {@return the longest time by which this clock may lag behind; zero by default} Tables add it to
   * durations, so that no binding expires early. Always returns the same value.
   */
  default Duration resolution() {
    return Duration.ZERO;
  }

  /** {@return a clock that reads {@link System#nanoTime}} */
  static NanoClock system() {
    return System::nanoTime;
  }

  /**
   * {@return a clock that an executor advances, and that is faster to read than {@link #system}}
   * Bindings expire later by up to twice the resolution, plus the time for which the executor
   * stalls.
   *
   * @param executor runs a short task four times per resolution; for example an event loop
   * @param resolution 1 ms..1 s, such as 10 ms
   * @throws FaultException if the resolution is out of range
   * @throws java.util.concurrent.RejectedExecutionException if the executor rejects the task
   */
  static CoarseClock coarse(ScheduledExecutorService executor, Duration resolution) {
    return new CoarseClock(system(), executor, resolution);
  }
}
