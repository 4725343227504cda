package dev.limpet.core;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Coarse clocks over the test's own time. */
public final class CoarseClocks {
  private CoarseClocks() {}

  public static CoarseClock of(
      NanoClock source, ScheduledExecutorService executor, Duration resolution) {
    return new CoarseClock(source, executor, resolution);
  }
}
