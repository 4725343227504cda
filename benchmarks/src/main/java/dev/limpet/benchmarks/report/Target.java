package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A number that must not become worse: a ratio or a count within one round of benchmarks, so that
 * it says something on whatever machine.
 *
 * @param name its name
 * @param rule which numbers are good
 * @param limit the bound on every machine, infinite if there is none
 * @param tolerance how much worse than the accepted number it may be, as a share of it
 * @param number its value in a round, NaN if its benchmarks were not run
 */
record Target(
    String name, Rule rule, double limit, double tolerance, ToDoubleFunction<Results> number) {

  /** Which numbers are good. */
  enum Rule {
    AT_LEAST("≥ "),
    AT_MOST("≤ "),
    REPORTED("");

    private final String sign;

    Rule(String sign) {
      this.sign = sign;
    }

    String shown(double bound) {
      return (this == REPORTED) ? "" : sign + Numbers.exact(bound);
    }

    String success() {
      return (this == REPORTED) ? "reported" : "holds";
    }
  }

  static Target atLeast(
      String name, double limit, double tolerance, ToDoubleFunction<Results> number) {
    return new Target(name, Rule.AT_LEAST, limit, tolerance, number);
  }

  static Target atMost(
      String name, double limit, double tolerance, ToDoubleFunction<Results> number) {
    return new Target(name, Rule.AT_MOST, limit, tolerance, number);
  }

  static Target reported(String name, ToDoubleFunction<Results> number) {
    return new Target(name, Rule.REPORTED, Double.NaN, 0, number);
  }

  /** Returns the values in the rounds that ran its benchmarks. */
  List<Double> values(List<Results> rounds) {
    return rounds.stream()
        .map(number::applyAsDouble)
        .filter(value -> !value.isNaN())
        .toList();
  }

  /** Returns the bound: the limit, or the accepted number if that is stricter. */
  double bound(double accepted) {
    return switch (rule) {
      case AT_LEAST -> Math.max(limit, accepted * (1 - tolerance));
      case AT_MOST -> Math.min(limit, accepted * (1 + tolerance));
      case REPORTED -> limit;
    };
  }

  boolean holds(double now, double accepted) {
    return switch (rule) {
      case AT_LEAST -> now >= bound(accepted);
      case AT_MOST -> now <= bound(accepted);
      case REPORTED -> true;
    };
  }
}
