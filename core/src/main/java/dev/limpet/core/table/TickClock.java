package dev.limpet.core.table;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/** The time since the clock was made, in ticks. It never runs backwards. Thread-safe. */
final class TickClock {
  /*
   * The first thread that reads a time after the current tick publishes the next one. That costs
   * one object per tick, and one volatile read for all other threads. A thread that reads a word
   * and then the clock sees no tick before the one in which the word was written, however long
   * either thread was suspended. If the clock steps back, the tick stays the same until the clock
   * has caught up.
   */

  /** No stamp, because the binding has expired. */
  static final int EXPIRED = -1;

  private static final Duration OLDEST = StickySession.MAX_DURATION.multipliedBy(2);
  private static final VarHandle LAST;

  static {
    try {
      LAST = MethodHandles.lookup().findVarHandle(TickClock.class, "last", Tick.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final NanoClock clock;
  private volatile long origin;
  private final long useNanos;
  private final long bindNanos;
  private final boolean usesCount;
  private final boolean ages;
  private volatile Tick last;

  private TickClock(NanoClock clock, long duration, boolean usesCount, long max) {
    this.clock = clock;
    this.origin = clock.nanos();
    this.useNanos = ceilDiv(duration, Tick.PER_DURATION);
    this.bindNanos = Math.max(ceilDiv(max, Tick.BINDS_PER_MAX), 2 * useNanos);
    this.usesCount = usesCount;
    this.ages = usesCount && max != Long.MAX_VALUE;
    this.last = at(0);
  }

  /**
   * {@return the clock of a table with the bindings of a session} They live longer by the clock's
   * resolution, because the clock may be that far behind.
   */
  static TickClock of(StickySession session, NanoClock clock) {
    long behind = clock.resolution().toNanos();
    long duration = session.duration().toNanos() + behind;
    if (session.mode() == Mode.ABSOLUTE) {
      return new TickClock(clock, duration, false, duration);
    }
    Duration limit = session.maxDuration();
    long max = (limit == null) ? Long.MAX_VALUE : limit.toNanos() + behind;
    return new TickClock(clock, Math.min(duration, max), true, max);
  }

  /** {@return whether uses renew a binding} */
  boolean isSliding() {
    return usesCount;
  }

  /** {@return whether bindings end by their age, however much they are used} */
  boolean ages() {
    return ages;
  }

  /** {@return the clock that this one reads} */
  NanoClock source() {
    return clock;
  }

  /** {@return the current tick} */
  Tick now() {
    Tick tick = last;
    long elapsed = clock.nanos() - origin;
    return (elapsed < tick.end()) ? tick : advance(elapsed);
  }

  /** {@return the current time, for a snapshot of words that were read before} */
  SavedTime saved() {
    return new SavedTime(elapsed(), useNanos, bindNanos, usesCount);
  }

  /** {@return the nanoseconds since the clock was made, in the current tick or after it} */
  long elapsed() {
    long last = now().end() - 1;
    long begin = Math.max(last / useNanos * useNanos, last / bindNanos * bindNanos);
    return Math.max(clock.nanos() - origin, begin);
  }

  /**
   * Moves the table's time forward to a moment, if that is later. Allowed only while nothing is
   * bound.
   *
   * @return by how many nanoseconds the current time is after that moment; 0 or more
   */
  synchronized long skipTo(long moment) {
    long after = elapsed() - moment;
    origin += Math.min(after, 0);
    return Math.max(after, 0);
  }

  /**
   * Returns the stamp of a binding, or EXPIRED. The binding never expires early. It expires less
   * than one tick later than a binding that was last used and made in ticks that end at these
   * moments.
   */
  int stamp(long usedBy, long boundBy) {
    Tick now = now();
    long bound = (now.end() - 1) / bindNanos;
    long use = usesCount ? Math.min(ceil(usedBy, useNanos) - 2, now.number()) : now.number();
    long bind = Math.min(ceil(boundBy, bindNanos) - 1, bound);
    boolean lives = now.number() - use <= Tick.LIFE && bound - bind <= Tick.BINDS_PER_MAX;
    return lives ? Tick.stamp(usesCount ? use : 0, bind) : EXPIRED;
  }

  /**
   * Returns the stamp of a binding that is used now and has an age, or EXPIRED. The binding never
   * expires early.
   */
  int stampOfAge(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("age: " + age + " (expected: PT0S or more)");
    }
    Duration counted = (age.compareTo(OLDEST) < 0) ? age : OLDEST;
    return stamp(Long.MAX_VALUE, elapsed() - counted.toNanos());
  }

  /**
   * {@return the number of the first use tick that ends at or after a moment, or of the current
   * tick if that is earlier}
   */
  long tickEndingBy(long moment) {
    return Math.min(ceil(moment, useNanos) - 1, now().number());
  }

  private Tick advance(long elapsed) {
    Tick next = at(elapsed);
    Tick seen = last;
    while (seen.end() < next.end() && !LAST.compareAndSet(this, seen, next)) {
      seen = last;
    }
    return last;
  }

  private Tick at(long elapsed) {
    long use = elapsed / useNanos;
    long bind = elapsed / bindNanos;
    long end = Math.min(end(use, useNanos), end(bind, bindNanos));
    return new Tick(use, end, usesCount ? use : 0, bind);
  }

  /** {@return the end of a tick, or {@link Long#MAX_VALUE} if it would overflow} */
  private static long end(long tick, long nanos) {
    return (tick < Long.MAX_VALUE / nanos) ? (tick + 1) * nanos : Long.MAX_VALUE;
  }

  private static long ceil(long moment, long nanos) {
    return -Math.floorDiv(-moment, nanos);
  }

  private static long ceilDiv(long nanos, int parts) {
    return nanos / parts + ((nanos % parts == 0) ? 0 : 1);
  }
}
