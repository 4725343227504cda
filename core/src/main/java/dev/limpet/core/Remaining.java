package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The sessions that still belong to a backend that takes no new ones, at one moment. Immutable. */
public final class Remaining {

  /** An unknown number of sessions, for an unknown time. */
  public static final Remaining UNKNOWN =
      new Remaining(OptionalLong.empty(), Duration.ofSeconds(Long.MAX_VALUE));

  /** No sessions. */
  public static final Remaining NOTHING = new Remaining(OptionalLong.of(0), Duration.ZERO);

  private final OptionalLong bindings;
  private final Duration longest;

  private Remaining(OptionalLong bindings, Duration longest) {
    this.bindings = bindings;
    this.longest = longest;
  }

  /**
   * {@return the remaining sessions, if bindings are counted}
   *
   * @param bindings the number of live bindings
   * @param duration the time after which an unused binding expires; ignored if there are no
   *     bindings
   * @throws IllegalArgumentException if the number is negative, or there are bindings and the
   *     duration is not positive
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
   * {@return the remaining sessions of a table} A binding may expire late, by up to 1/32 of its
   * duration and two seconds; the result includes that.
   *
   * @param bindings the result of the table's {@link StickyTable#bindings}
   * @param session the declared stickiness of the table's sessions
   */
  public static Remaining of(OptionalLong bindings, StickySession session) {
    return bindings.isEmpty()
        ? UNKNOWN
        : of(bindings.getAsLong(), Durations.longest(session.life()));
  }

  /**
   * {@return the remaining sessions, if they cannot be counted}
   *
   * @param longest the time until the last session has expired if none is used again; zero if there
   *     are no sessions
   * @throws IllegalArgumentException if the duration is negative
   */
  public static Remaining uncounted(Duration longest) {
    return longest.isZero() ? NOTHING : new Remaining(OptionalLong.empty(), positive(longest));
  }

  /**
   * {@return the sum of this and other remaining sessions}
   *
   * @param other the other sessions, such as those of another table
   */
  public Remaining plus(Remaining other) {
    if (isNothing() || other.isNothing()) {
      return isNothing() ? other : this;
    }
    Duration later = (longest.compareTo(other.longest) < 0) ? other.longest : longest;
    return (bindings.isPresent() && other.bindings.isPresent())
        ? of(bindings.getAsLong() + other.bindings.getAsLong(), later)
        : new Remaining(OptionalLong.empty(), later);
  }

  /** {@return the number of live bindings to the backend; empty if they cannot be counted} */
  public OptionalLong bindings() {
    return bindings;
  }

  /**
   * {@return the time until the last session has expired if none is used again; zero if there are
   * no sessions} If bindings are counted, this is an upper bound.
   */
  public Duration longest() {
    return longest;
  }

  /** {@return true if no session belongs to the backend} */
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
