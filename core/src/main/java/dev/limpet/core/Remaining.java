package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What still belongs to a backend that takes no new sessions any more. A value of one moment. */
public final class Remaining {

  /** Nothing is known. */
  public static final Remaining UNKNOWN =
      new Remaining(OptionalLong.empty(), Duration.ofSeconds(Long.MAX_VALUE));

  /** Nothing is left. */
  public static final Remaining NOTHING = new Remaining(OptionalLong.of(0), Duration.ZERO);

  private final OptionalLong bindings;
  private final Duration longest;

  private Remaining(OptionalLong bindings, Duration longest) {
    this.bindings = bindings;
    this.longest = longest;
  }

  /**
   * {@return what remains where bindings are counted}
   *
   * @param bindings how many there are
   * @param duration how long an unused binding lives
   * @throws IllegalArgumentException if a number or duration is negative, or there are bindings for
   *     no time
   */
  public static Remaining of(long bindings, Duration duration) {
    if (bindings < 0) {
      throw new IllegalArgumentException("bindings: " + bindings + " (expected: 0 or more)");
    }
    if (bindings == 0) {
      return NOTHING;
    }
    return new Remaining(OptionalLong.of(bindings), positive(duration));
  }

  /**
   * {@return what remains in a table, by what it counts} A binding may live longer than it should,
   * by a 32nd of its duration and two seconds.
   *
   * @param bindings what the table's {@link StickyTable#bindings} returned
   * @param session the declaration of the table's sessions
   */
  public static Remaining of(OptionalLong bindings, StickySession session) {
    return bindings.isEmpty()
        ? UNKNOWN
        : of(bindings.getAsLong(), Durations.longest(session.life()));
  }

  /**
   * {@return what remains where sessions cannot be counted}
   *
   * @param longest how long it takes until no session belongs to the backend, if none is used
   *     again; zero if none does
   * @throws IllegalArgumentException if the duration is negative
   */
  public static Remaining uncounted(Duration longest) {
    return longest.isZero() ? NOTHING : new Remaining(OptionalLong.empty(), positive(longest));
  }

  /** {@return how many live bindings refer to the backend; empty if that cannot be counted} */
  public OptionalLong bindings() {
    return bindings;
  }

  /**
   * {@return how long it takes until no session belongs to the backend, if none is used again: zero
   * if none does now} Where bindings are counted, this is an upper bound.
   */
  public Duration longest() {
    return longest;
  }

  /** {@return whether no session belongs to the backend} */
  public boolean isNothing() {
    return longest.isZero();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Remaining that
        && bindings.equals(that.bindings)
        && longest.equals(that.longest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(bindings, longest);
  }

  /** {@return the number of bindings and the duration} */
  @Override
  public String toString() {
    return bindings.isPresent()
        ? bindings.getAsLong() + " bindings for " + longest + " at most"
        : "uncounted, for " + longest + " at most";
  }

  private static Duration positive(Duration duration) {
    if (requireNonNull(duration, "duration").isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("longest: " + duration + " (expected: > PT0S)");
    }
    return duration;
  }
}
