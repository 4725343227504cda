package dev.limpet.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The cost of stickiness for the proxies of frameworks, from the lines of {@code adapter-cost.sh}.
 */
final class AdapterCost {
  private static final List<String> HEADER = List.of(
      "adapter",
      "bare, µs/request",
      "without stickiness, µs/request",
      "with, µs/request",
      "with / without (95 %)",
      "with / bare (95 %)",
      "pairs");
  private static final int RESAMPLES = 10_000;

  private final List<Load> loads;

  private AdapterCost(List<Load> loads) {
    this.loads = loads;
  }

  /** A turn of a proxy in a mode. */
  private record Load(String adapter, String mode, String turn, double micros) {

    static Load of(String line) {
      String[] cells = line.split("\t", -1);
      if (cells.length != 7) {
        throw new IllegalArgumentException("line: " + line + " (expected: 7 cells)");
      }
      double micros = Double.parseDouble(cells[4]) / Double.parseDouble(cells[5]);
      return new Load(cells[0], cells[1], cells[2] + '/' + cells[3], micros);
    }
  }

  /**
   * Prints the table of a file.
   *
   * @param args the file
   */
  public static void main(String[] args) {
    Main.run(args, "FILE", 1, 1, () -> {
      try {
        System.out.print(table(Files.readAllLines(Path.of(args[0]))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Returns a row for each adapter, in the order of the lines. */
  static String table(List<String> lines) {
    AdapterCost costs = new AdapterCost(lines.stream().map(Load::of).toList());
    List<String> adapters = costs.loads.stream().map(Load::adapter).distinct().toList();
    return Markdown.table(HEADER, adapters.stream().map(costs::row).toList());
  }

  private List<String> row(String adapter) {
    List<Double> without = ratios(adapter, "none");
    return List.of(
        adapter,
        micros(adapter, "bare"),
        micros(adapter, "none"),
        micros(adapter, "lb-cookie"),
        shown(without),
        shown(ratios(adapter, "bare")),
        Integer.toString(without.size()));
  }

  private String micros(String adapter, String mode) {
    return Numbers.shown(
        Spread.of(of(adapter, mode).stream().map(Load::micros).toList()).median());
  }

  /** Returns with / other of the same turn. */
  private List<Double> ratios(String adapter, String other) {
    List<Double> ratios = new ArrayList<>();
    for (Load with : of(adapter, "lb-cookie")) {
      of(adapter, other).stream()
          .filter(load -> load.turn().equals(with.turn()))
          .forEach(load -> ratios.add(with.micros() / load.micros()));
    }
    return ratios;
  }

  private List<Load> of(String adapter, String mode) {
    return loads.stream()
        .filter(load -> load.adapter().equals(adapter) && load.mode().equals(mode))
        .toList();
  }

  /** Returns the median and its interval, by the bootstrap. */
  private static String shown(List<Double> ratios) {
    double[] medians = new double[RESAMPLES];
    Random random = new Random(7);
    for (int i = 0; i < RESAMPLES; i++) {
      medians[i] = Spread.of(
              random.ints(ratios.size(), 0, ratios.size()).mapToObj(ratios::get).toList())
          .median();
    }
    Arrays.sort(medians);
    return "%.3f (%.3f–%.3f)"
        .formatted(
            Spread.of(ratios).median(),
            medians[RESAMPLES / 40],
            medians[RESAMPLES - 1 - RESAMPLES / 40]);
  }
}
