package dev.limpet.core;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A clock for what stays in the process. Called by many threads at once. Embedders may implement
 * it.
 */
@FunctionalInterface
public interface NanoClock {

  /**
   * {@return the time in nanoseconds since some moment, which may be negative and may overflow:
   * only differences of two times have a meaning}
   */
  long nanos();

  /**
   * {@return how far this clock may be behind the time; zero by default} Tables add it to
   * durations, so that no binding expires early. Always the same.
   */
  default Duration resolution() {
    return Duration.ZERO;
  }

  /** {@return {@link System#nanoTime}} */
  static NanoClock system() {
    return System::nanoTime;
  }

  /**
   * {@return a clock that an executor advances, which takes less time to read than {@link #system}}
   * Bindings expire later by at most twice the resolution, and by the time for which the executor
   * stalls.
   *
   * @param executor runs a short task four times in each resolution, such as an event loop
   * @param resolution 1 ms..1 s, such as 10 ms
   * @throws FaultException if the resolution is out of range
   * @throws java.util.concurrent.RejectedExecutionException if the executor does not take the task
   */
  static CoarseClock coarse(ScheduledExecutorService executor, Duration resolution) {
    return new CoarseClock(system(), executor, resolution);
  }
}
