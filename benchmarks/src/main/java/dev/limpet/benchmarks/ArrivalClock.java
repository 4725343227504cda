package dev.limpet.benchmarks;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that runs with the arrivals of sessions which come once, so that as many as wanted are
 * alive at any time. Reading it costs what reading the system's clock does.
 */
final class ArrivalClock implements NanoClock {
  private final double interval;
  private final AtomicLong skipped = new AtomicLong();

  /**
   * Makes a clock.
   *
   * @param session how long a session lives
   * @param alive how many are to be alive at a time
   */
  ArrivalClock(StickySession session, int alive) {
    this.interval = (double) session.duration().toNanos() / alive;
  }

  @Override
  public long nanos() {
    return System.nanoTime() + skipped.get();
  }

  /** Lets the time pass in which a number of sessions arrive. */
  void arrived(int sessions) {
    skipped.addAndGet(Math.round(sessions * interval));
  }
}
