package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * An axis on which equal distances are equal ratios.
 *
 * @param min the value at its begin, positive
 * @param max the value at its end, greater
 * @param begin the position of its begin
 * @param end the position of its end
 */
record LogAxis(double min, double max, double begin, double end) {

  /** Returns an axis from a power of ten to a power of ten that includes all values. */
  static LogAxis of(DoubleStream values, double begin, double end) {
    double[] sorted = values.filter(value -> value > 0).sorted().toArray();
    double least = (sorted.length == 0) ? 1 : sorted[0];
    double greatest = (sorted.length == 0) ? 10 : sorted[sorted.length - 1];
    double min = Math.pow(10, Math.floor(Math.log10(least)));
    double max = Math.pow(10, Math.ceil(Math.log10(greatest)));
    return new LogAxis(min, Math.max(max, min * 10), begin, end);
  }

  double at(double value) {
    return begin + (end - begin) * Math.log(value / min) / Math.log(max / min);
  }

  /** Returns the powers of ten on the axis. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (double i = Math.round(Math.log10(min)); i <= Math.round(Math.log10(max)); i++) {
      ticks.add(Math.pow(10, i));
    }
    return ticks;
  }
}
