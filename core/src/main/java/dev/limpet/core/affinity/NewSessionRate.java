package dev.limpet.core.affinity;

import dev.limpet.core.internal.Overflow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many new sessions may come in a second: evenly, or as many at once after a quiet one. This is
 * the generic cell rate algorithm (ITU-T I.371). Thread-safe.
 */
final class NewSessionRate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long interval;
  private final long ahead;
  private final AtomicLong free = new AtomicLong();
  private final Overflow overflow;

  /**
   * Makes a rate.
   *
   * @param perSecond how many; 0 for no limit
   * @param memory how long a rejection is remembered, in nanoseconds
   */
  NewSessionRate(int perSecond, long memory) {
    this.interval = (perSecond == 0) ? 0 : (SECOND + perSecond - 1) / perSecond;
    this.ahead = (perSecond - 1) * interval;
    this.overflow = new Overflow(memory);
  }

  /** {@return whether another may come now, as one of them} */
  boolean admits(long now) {
    if (interval == 0 || takes(now)) {
      return true;
    }
    remember(now);
    return false;
  }

  /** Remembers that one was rejected. */
  void remember(long now) {
    overflow.record(now);
  }

  /** {@return whether one may have been rejected that comes again} */
  boolean wantsHash(long now) {
    return overflow.remembered(now);
  }

  /**
   * Each takes an interval: the next that is free, and at most so many ahead as a second has
   * others.
   */
  private boolean takes(long now) {
    long before = free.getAndUpdate(at -> (at <= now + ahead) ? Math.max(at, now) + interval : at);
    return before <= now + ahead;
  }
}
