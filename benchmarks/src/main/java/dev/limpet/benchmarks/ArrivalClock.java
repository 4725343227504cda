package dev.limpet.benchmarks;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that advances with each new session, so that the number of live sessions stays as given.
 * Sessions are used once only. Reading this clock also costs a reading of the system's clock.
 */
final class ArrivalClock implements NanoClock {
  private final double interval;
  private final AtomicLong skipped = new AtomicLong();

  /**
   * Makes a clock.
   *
   * @param session how long a session lives
   * @param live the number of live sessions at any time
   */
  ArrivalClock(StickySession session, int live) {
    this.interval = (double) session.duration().toNanos() / live;
  }

  @Override
  public long nanos() {
    return System.nanoTime() + skipped.get();
  }

  /** Advances by the time in which this number of sessions arrives. */
  void arrived(int sessions) {
    skipped.addAndGet(Math.round(sessions * interval));
  }
}
