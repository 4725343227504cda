package dev.limpet.shared;

import dev.limpet.core.StickySession;
import java.time.Duration;

/** How long a store keeps a binding. Immutable. */
public final class Retention {
  /*
   * Proxies do not report uses within the first quarter of the duration after a binding was
   * renewed, and may notice the end of that quarter late by 1/25 of the duration. So a binding is
   * stored for 4/3 of the duration: then it never expires earlier than one duration after its last
   * use. A report renews the binding if that quarter, less 1/64 of the duration, has passed. The
   * bindings of absolute sessions, which uses do not renew, also expire in the tables of the
   * proxies, by their own time; the store forgets them a little later.
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
   * @param session how the sessions stick
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

  /** {@return the time for which a binding is stored, in milliseconds} */
  public long millis() {
    return millis;
  }

  /**
   * {@return the remaining time, in milliseconds, below which a use renews the binding; 0 exactly
   * if sessions are absolute, because uses do not renew those}
   */
  public long renewBelow() {
    return renewBelow;
  }

  /**
   * {@return the retention of a session that was last used some time ago}
   *
   * @param age the time since that use
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

  /** Returns for how long after a binding was renewed its uses are not reported. */
  static Duration settled(StickySession session) {
    Duration duration = session.duration();
    return (session.mode() == StickySession.Mode.SLIDING) ? duration.dividedBy(4) : duration;
  }

  private static long ceilMillis(Duration duration) {
    return duration.plusNanos(999_999).toMillis();
  }
}
