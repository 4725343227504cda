package dev.limpet.benchmarks.report;

import java.util.Arrays;
import java.util.Collection;

/**
 * The spread of repeated measurements.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the least
 * @param max the greatest
 */
record Spread(double median, double min, double max) {

  /**
   * Returns the spread of values.
   *
   * @param values one or more
   */
  static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("values: none (expected: 1 or more)");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    double median = (sorted.length % 2 == 1) ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  static Spread of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Returns the median and, if they look different, the least and the greatest value. */
  @Override
  public String toString() {
    String least = Numbers.shown(min);
    String greatest = Numbers.shown(max);
    return least.equals(greatest)
        ? Numbers.shown(median)
        : Numbers.shown(median) + " (" + least + "–" + greatest + ")";
  }
}
