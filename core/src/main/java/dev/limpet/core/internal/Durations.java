package dev.limpet.core.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The range of durations that tables support, regardless of the profile. */
public final class Durations {

  /** The longest duration: 365 days. */
  public static final Duration MAX = Duration.ofDays(365);

  private static final int LATENESS_DIVISOR = 32;
  private static final Duration SLOT_SLACK = Duration.ofSeconds(2);

  private Durations() {}

  /**
   * Rejects durations that tables do not support.
   *
   * @throws IllegalArgumentException if a duration is not positive, or longer than {@link #MAX}
   */
  public static void check(Duration duration, @Nullable Duration maxDuration) {
    check("duration", duration);
    if (maxDuration != null) {
      check("maxDuration", maxDuration);
    }
  }

  /**
   * {@return the longest time that a binding may live, given when it should expire, because tables
   * may be late}
   */
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
