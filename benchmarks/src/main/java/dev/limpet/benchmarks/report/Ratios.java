package dev.limpet.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Ratios of times that were measured in turns: each is of two times of the same turn. */
public final class Ratios {
  private static final int RESAMPLES = 10_000;

  private Ratios() {}

  /**
   * Returns the median and its 95 % interval by the bootstrap, for example {@code 0.905
   * (0.866–0.956)}.
   *
   * @param ratios one or more
   */
  public static String shown(double... ratios) {
    Random random = new Random(7);
    double[] medians = new double[RESAMPLES];
    Arrays.setAll(medians, i -> median(resampled(ratios, random)));
    Arrays.sort(medians);
    int tail = RESAMPLES / 40;
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f–%.3f)",
        median(ratios),
        medians[tail],
        medians[RESAMPLES - 1 - tail]);
  }

  /**
   * Returns the middle value, or the mean of the two in the middle.
   *
   * @param values one or more
   */
  public static double median(double... values) {
    return Spread.of(values).median();
  }

  private static double[] resampled(double[] ratios, Random random) {
    return random
        .ints(ratios.length, 0, ratios.length)
        .mapToDouble(i -> ratios[i])
        .toArray();
  }
}
