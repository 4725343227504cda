package dev.limpet.shared;

import dev.limpet.core.StickySession;
import java.time.Duration;

/** How long a store keeps a binding. Immutable. */
public final class Retention {
  /*
   * A use is not told of in the quarter of the duration after the binding was renewed, and proxies
   * notice the end of that quarter up to a 25th of the duration later. So a binding is stored for a
   * third longer: then nothing expires earlier than one duration after its last use. What proxies
   * tell after that quarter, less a 64th, renews. A session that uses do not renew is kept by the
   * proxies' tables, too, as long as they see fit, and the store forgets it a little later.
   */

  private final long millis;
  private final long renewBelow;

  private Retention(long millis, long renewBelow) {
    this.millis = millis;
    this.renewBelow = renewBelow;
  }

  /**
   * {@return the retention of sessions}
   *
   * @param session how they stick
   */
  public static Retention of(StickySession session) {
    Duration duration = session.duration();
    Duration third = duration.plusNanos(2).dividedBy(3);
    return switch (session.mode()) {
      case SLIDING ->
        new Retention(
            ceilMillis(duration.plus(third)),
            ceilMillis(duration.plus(third).minus(duration.dividedBy(64).multipliedBy(15))));
      case ABSOLUTE -> new Retention(ceilMillis(duration.plus(duration.dividedBy(32))), 0);
    };
  }

  /** {@return for how long a binding is stored, in milliseconds} */
  public long millis() {
    return millis;
  }

  /**
   * {@return what is left, in milliseconds, when a use renews it; 0 exactly if sessions are
   * absolute, as uses do not renew those}
   */
  public long renewBelow() {
    return renewBelow;
  }

  /**
   * {@return the retention of a session that was used some time ago}
   *
   * @param age how long ago
   */
  public Retention after(Duration age) {
    long left = Math.max(1, millis - age.toMillis());
    return new Retention(left, Math.min(renewBelow, left));
  }

  /** {@return both numbers} */
  @Override
  public String toString() {
    return millis + " ms, renewed below " + renewBelow + " ms";
  }

  /** {@return for how long after a binding was renewed nothing is to be told of it} */
  static Duration settled(StickySession session) {
    Duration duration = session.duration();
    return (session.mode() == StickySession.Mode.SLIDING) ? duration.dividedBy(4) : duration;
  }

  private static long ceilMillis(Duration duration) {
    return duration.plusNanos(999_999).toMillis();
  }
}
