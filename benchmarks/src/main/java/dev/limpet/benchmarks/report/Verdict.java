package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether a target is met.
 *
 * @param scope where it was measured, such as the JDK's version
 * @param claim the target
 * @param measured the measured value
 * @param answer whether the target is met
 */
record Verdict(String scope, String claim, String measured, Answer answer) {

  /** Whether a target is met. */
  enum Answer {
    HOLDS("holds"),
    DOES_NOT_HOLD("**does not hold**"),
    NOT_MEASURED("not measured");

    private final String shown;

    Answer(String shown) {
      this.shown = shown;
    }

    @Override
    public String toString() {
      return shown;
    }
  }

  /**
   * Judges by an upper limit.
   *
   * @param claim what is limited; the limit is appended
   * @param measured the value, if it was measured
   * @param limit the greatest value that meets the target
   * @param unit the unit to append to numbers, such as {@code " ns"}
   */
  static Verdict atMost(
      String scope, String claim, OptionalDouble measured, double limit, String unit) {
    String rule = claim + " at most " + Numbers.exact(limit) + unit;
    return judged(scope, rule, measured, unit, measured.orElse(limit) <= limit);
  }

  /** Judges by a lower limit, otherwise as {@link #atMost} does. */
  static Verdict atLeast(
      String scope, String claim, OptionalDouble measured, double limit, String unit) {
    String rule = claim + " at least " + Numbers.exact(limit) + unit;
    return judged(scope, rule, measured, unit, measured.orElse(limit) >= limit);
  }

  /** Judges by a limit that the value must be below, otherwise as {@link #atMost} does. */
  static Verdict below(
      String scope, String claim, OptionalDouble measured, double limit, String unit) {
    String rule = claim + " below " + Numbers.exact(limit) + unit;
    return judged(
        scope, rule, measured, unit, measured.isEmpty() || measured.getAsDouble() < limit);
  }

  List<String> cells() {
    return List.of(scope, claim, measured, answer.toString());
  }

  private static Verdict judged(
      String scope, String rule, OptionalDouble measured, String unit, boolean holds) {
    if (measured.isEmpty()) {
      return new Verdict(scope, rule, "", Answer.NOT_MEASURED);
    }
    String number = Numbers.exact(measured.getAsDouble()) + unit;
    return new Verdict(scope, rule, number, holds ? Answer.HOLDS : Answer.DOES_NOT_HOLD);
  }
}
