package dev.limpet.core;

import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The durations that a table can keep at all, whatever the profile. */
final class Durations {
  private static final int LATE = 32;
  private static final Duration PLACE = Duration.ofSeconds(2);

  private Durations() {}

  static void check(StickySession session) {
    check("duration", session.duration());
    check("maxDuration", session.maxDuration());
  }

  /** {@return how long a binding is to live that is not used} */
  static Duration life(StickySession session) {
    Duration duration = session.duration();
    Duration max = session.maxDuration();
    return (session.mode() == Mode.SLIDING && max != null && max.compareTo(duration) < 0)
        ? max
        : duration;
  }

  /** {@return how long it may live, as tables may be late} */
  static Duration longest(StickySession session) {
    Duration life = life(session);
    return life.plus(life.dividedBy(LATE)).plus(PLACE);
  }

  private static void check(String setting, @Nullable Duration duration) {
    if (duration == null) {
      return;
    }
    if (duration.isZero()
        || duration.isNegative()
        || duration.compareTo(Profile.MAX_DURATION) > 0) {
      throw new IllegalArgumentException(
          setting + ": " + duration + " (expected: > PT0S, <= " + Profile.MAX_DURATION + ")");
    }
  }
}
