package dev.limpet.core;

import dev.limpet.core.internal.Durations;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What still belongs to a backend that takes no new sessions any more. A value of one moment.
 *
 * @param bindings how many live bindings lead to it; empty if that cannot be counted
 * @param longest how long it takes until no session belongs to it any more, if none is used again: zero if none
 *     does now. Where bindings are counted, this may be just a bound
 */
public record Remaining(OptionalLong bindings, Duration longest) {

  /** Nothing is known. */
  public static final Remaining UNKNOWN =
      new Remaining(OptionalLong.empty(), Duration.ofSeconds(Long.MAX_VALUE));

  /** Nothing is left. */
  public static final Remaining NOTHING = new Remaining(OptionalLong.of(0), Duration.ZERO);

  /**
   * Makes a value.
   *
   * @param bindings how many live bindings lead to it; empty if that cannot be counted
   * @param longest how long it takes until none does
   * @throws IllegalArgumentException if a number or duration is negative, or there are bindings for no time
   */
  public Remaining {
    if (longest.isNegative() || bindings.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "remaining: " + bindings + ", " + longest + " (expected: nothing negative)");
    }
    if (longest.isZero() && bindings.orElse(0) > 0) {
      throw new IllegalArgumentException(
          "longest: " + longest + " (expected: > PT0S while there are bindings)");
    }
  }

  /**
   * {@return what remains where bindings are counted}
   *
   * @param bindings how many there are
   * @param duration how long a binding lives that is not used
   */
  public static Remaining of(long bindings, Duration duration) {
    return new Remaining(OptionalLong.of(bindings), (bindings == 0) ? Duration.ZERO : duration);
  }

  /**
   * {@return what remains in a table, by what it counts} A binding may live longer than it should, by a 32nd of
   * its duration and two seconds.
   *
   * @param bindings what the table's {@link StickyTable#bindings} returned
   * @param session the declaration of the table's sessions
   */
  public static Remaining of(OptionalLong bindings, StickySession session) {
    return bindings.isEmpty()
        ? UNKNOWN
        : of(bindings.getAsLong(), Durations.longest(session.life()));
  }

  /** {@return whether no session belongs to the backend} */
  public boolean isNothing() {
    return longest.isZero();
  }
}
