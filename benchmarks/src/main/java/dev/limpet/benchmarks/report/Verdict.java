package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether what is to hold does.
 *
 * @param scope where it was measured, such as the JDK's version
 * @param claim what is to hold
 * @param measured what was measured
 * @param answer whether it holds
 */
record Verdict(String scope, String claim, String measured, Answer answer) {

  /** Whether it holds. */
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
   * @param claim what is limited; the limit is written behind it
   * @param measured what was measured, if it was
   * @param limit the greatest value that holds
   * @param unit written behind numbers, such as {@code " ns"}
   */
  static Verdict atMost(
      String scope, String claim, OptionalDouble measured, double limit, String unit) {
    String rule = claim + " at most " + Numbers.exact(limit) + unit;
    return judged(scope, rule, measured, unit, measured.orElse(limit) <= limit);
  }

  /** Judges by a lower limit, otherwise as {@link #atMost}. */
  static Verdict atLeast(
      String scope, String claim, OptionalDouble measured, double limit, String unit) {
    String rule = claim + " at least " + Numbers.exact(limit) + unit;
    return judged(scope, rule, measured, unit, measured.orElse(limit) >= limit);
  }

  /** Judges by a limit that itself does not hold, otherwise as {@link #atMost}. */
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
