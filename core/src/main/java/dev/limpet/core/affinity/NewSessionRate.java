package dev.limpet.core.affinity;

import dev.limpet.core.internal.Overflow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the number of new sessions per second: spread evenly, or all at once after a second
 * without any. Uses the generic cell rate algorithm (ITU-T I.371). Thread-safe.
 */
final class NewSessionRate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long interval;
  private final long ahead;
  private final AtomicLong free = new AtomicLong();
  private final Overflow overflow;

  /**
   * Makes a limit.
   *
   * @param perSecond the number of new sessions per second; 0 for no limit
   * @param memory how long a rejection is remembered, in nanoseconds
   */
  NewSessionRate(int perSecond, long memory) {
    this.interval = (perSecond == 0) ? 0 : (SECOND + perSecond - 1) / perSecond;
    this.ahead = (perSecond - 1) * interval;
    this.overflow = new Overflow(memory);
  }

  /** Returns whether another session may begin now, and counts it if so. */
  boolean admits(long now) {
    if (interval == 0 || tryTake(now)) {
      return true;
    }
    remember(now);
    return false;
  }

  /** Remembers that a session was rejected. */
  void remember(long now) {
    overflow.record(now);
  }

  /** Returns whether a session may return that was rejected. */
  boolean wantsHash(long now) {
    return overflow.remembered(now);
  }

  /**
   * Takes the next free interval, unless it is so far ahead that a whole second of intervals is
   * taken. Returns whether it did.
   */
  private boolean tryTake(long now) {
    long before = free.getAndUpdate(at -> (at <= now + ahead) ? Math.max(at, now) + interval : at);
    return before <= now + ahead;
  }
}
