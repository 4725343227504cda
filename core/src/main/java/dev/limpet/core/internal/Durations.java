package dev.limpet.core.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The durations that a table can keep at all, whatever the profile. */
public final class Durations {

  /** The longest: 365 days. */
  public static final Duration MAX = Duration.ofDays(365);

  private static final int LATENESS_DIVISOR = 32;
  private static final Duration SLOT_SLACK = Duration.ofSeconds(2);

  private Durations() {}

  /**
   * Refuses durations that no table can keep.
   *
   * @throws IllegalArgumentException if a duration is not positive, or longer than {@link #MAX}
   */
  public static void check(Duration duration, @Nullable Duration maxDuration) {
    check("duration", duration);
    if (maxDuration != null) {
      check("maxDuration", maxDuration);
    }
  }

  /** {@return how long a binding may live that expires after a duration, as tables may be late} */
  public static Duration longest(Duration life) {
    return life.plus(life.dividedBy(LATENESS_DIVISOR)).plus(SLOT_SLACK);
  }

  private static void check(String setting, Duration duration) {
    if (duration.isZero() || duration.isNegative() || duration.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          setting + ": " + duration + " (expected: > PT0S, <= " + MAX + ")");
    }
  }
}
