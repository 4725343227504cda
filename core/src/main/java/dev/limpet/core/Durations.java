package dev.limpet.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The durations that a table can keep at all, whatever the profile. */
final class Durations {
  private Durations() {}

  static void check(StickySession session) {
    check("duration", session.duration());
    check("maxDuration", session.maxDuration());
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
