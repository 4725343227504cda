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
   * A use is not written while three quarters of the time are left, and so must be worth that much more: then nothing elapses
   * earlier than one duration after its last use. A session that uses do not renew is kept by the proxies' tables, too, as long as
   * they see fit, and the store forgets it a little later.
   */
  static KeptTime of(StickySession session) {
    Duration duration = session.duration();
    return switch (session.mode()) {
      case SLIDING ->
        new KeptTime(
            ceilMillis(duration.plus(duration.plusNanos(2).dividedBy(3))), ceilMillis(duration));
      case ABSOLUTE -> new KeptTime(ceilMillis(duration.plus(duration.dividedBy(32))), 0);
    };
  }

  private static long ceilMillis(Duration duration) {
    return duration.plusNanos(999_999).toMillis();
  }
}
