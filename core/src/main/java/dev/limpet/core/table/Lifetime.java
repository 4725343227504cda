package dev.limpet.core.table;

import com.github.benmanes.caffeine.cache.Expiry;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.CaffeineStickyTable.Binding;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The lifetimes of the bindings of a Caffeine table. Immutable. */
final class Lifetime implements Expiry<Long, Binding> {
  /*
   * A use is recorded only if the last recorded one is older than a tolerance: 1/64 of the
   * duration, or one second, because Caffeine ignores an extension of a second or less. To make
   * sure that nothing expires early, a recorded use extends the binding by the duration, the
   * tolerance, and the tick by which the table's time may run backwards. For the same reason, a
   * sliding lifetime that would end within one second of the maximum is extended to the maximum at
   * once: Caffeine might ignore every later extension.
   */

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long UNLIMITED = Long.MAX_VALUE / 2;
  private static final int USES_PER_DURATION = 64;

  private final boolean sliding;
  private final long duration;
  private final long renewable;
  private final long full;
  private final long max;

  private Lifetime(boolean sliding, long duration, long max, long tick) {
    this.sliding = sliding;
    this.duration = duration;
    this.max = max;
    this.renewable = duration + tick;
    this.full = sliding ? renewable + tolerance(duration) + 1 : duration;
  }

  /**
   * {@return the lifetimes of the bindings of a session}
   *
   * @param tick by how many nanoseconds the table's time may run backwards
   * @param behind by how many nanoseconds the table's clock may be behind
   */
  static Lifetime of(StickySession session, long tick, long behind) {
    Duration max = session.maxDuration();
    return new Lifetime(
        session.mode() == Mode.SLIDING,
        session.duration().toNanos() + behind,
        (max == null) ? UNLIMITED : max.toNanos() + behind,
        tick);
  }

  /** {@return whether uses renew a binding} */
  boolean isSliding() {
    return sliding;
  }

  /** {@return whether bindings end by their age, however much they are used} */
  boolean ages() {
    return sliding && max != UNLIMITED;
  }

  /** {@return whether a session of some age has ended} */
  boolean isOver(long age) {
    return age >= max;
  }

  static long tolerance(long duration) {
    return Math.max(duration / USES_PER_DURATION, SECOND);
  }

  /** {@return the time for which an overflow is remembered, in nanoseconds} */
  long memory() {
    return full;
  }

  @Override
  public long expireAfterCreate(Long key, Binding binding, long now) {
    return remaining(binding, now);
  }

  @Override
  public long expireAfterUpdate(Long key, Binding binding, long now, long left) {
    return remaining(binding, now);
  }

  @Override
  public long expireAfterRead(Long key, Binding binding, long now, long left) {
    return (sliding && left <= renewable) ? remaining(binding, now) : left;
  }

  private long remaining(Binding binding, long now) {
    long tillMax = sliding ? binding.boundAt() + max - now : binding.boundAt() + duration - now;
    return (!sliding || tillMax - full <= SECOND) ? tillMax : full;
  }
}
