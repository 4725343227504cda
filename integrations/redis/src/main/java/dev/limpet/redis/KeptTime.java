package dev.limpet.redis;

import dev.limpet.core.StickySession;
import java.time.Duration;

/**
 * How long the store keeps a binding. Immutable.
 *
 * @param millis for how long it is stored
 * @param refreshBelow what is left, in milliseconds, when a use renews it; 0 if uses do not
 */
record KeptTime(long millis, long refreshBelow) {

  /*
   * A use is not told of in the quarter of the duration after the binding was renewed, and proxies notice the end of that
   * quarter up to a 25th of the duration later. So a binding is stored for a third longer: then nothing elapses earlier than
   * one duration after its last use. What proxies tell after that quarter, less a 64th, renews. A session that uses do not renew
   * is kept by the proxies' tables, too, as long as they see fit, and the store forgets it a little later.
   */
  static KeptTime of(StickySession session) {
    Duration duration = session.duration();
    Duration third = duration.plusNanos(2).dividedBy(3);
    return switch (session.mode()) {
      case SLIDING ->
        new KeptTime(
            ceilMillis(duration.plus(third)),
            ceilMillis(duration.plus(third).minus(duration.dividedBy(64).multipliedBy(15))));
      case ABSOLUTE -> new KeptTime(ceilMillis(duration.plus(duration.dividedBy(32))), 0);
    };
  }

  /** {@return this for a session that was used some time ago} */
  KeptTime after(Duration age) {
    long left = Math.max(1, millis - age.toMillis());
    return new KeptTime(left, Math.min(refreshBelow, left));
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
