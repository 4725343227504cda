package dev.limpet.core.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * The time since this object was made, which never runs backwards by more than one tick.
 * Thread-safe.
 */
public final class ElapsedTime {
  /*
   * If a clock steps back and returns, a use that was recorded with the earlier time would let a
   * binding expire early. So the greatest time seen is remembered, and time stands still until the
   * clock has caught up. It is written at most once per tick, because a cache line that every
   * request writes would be contended.
   */

  private static final VarHandle GREATEST;

  static {
    try {
      GREATEST = MethodHandles.lookup().findVarHandle(ElapsedTime.class, "greatest", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongSupplier clock;
  private final long origin;
  private final long tick;
  private volatile long greatest;

  /**
   * Starts at 0.
   *
   * @param clock a monotonic clock, in nanoseconds
   * @param tick the length of a tick, in nanoseconds
   */
  public ElapsedTime(LongSupplier clock, long tick) {
    this.clock = clock;
    this.origin = clock.getAsLong();
    this.tick = tick;
  }

  /** {@return the time since the origin in nanoseconds, 0 or more} */
  public long nanos() {
    long now = clock.getAsLong() - origin;
    long seen = greatest;
    if (now <= seen) {
      return seen;
    }
    while (now - seen > tick && !GREATEST.compareAndSet(this, seen, now)) {
      seen = greatest;
    }
    return now;
  }
}
