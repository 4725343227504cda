package dev.limpet.benchmarks.report;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What a request costs in proxies, from the lines of {@code proxy-cost.sh}. */
final class ProxyCost {
  private static final String GATEWAY = "gateway";
  private static final List<String> HEADER = List.of(
      "proxy",
      "mode",
      "CPU µs/request",
      "requests/s",
      "/ its bare (95 %)",
      "/ its plain (95 %)",
      "gateway / this (95 %)",
      "loads");

  private final List<Load> loads;

  private ProxyCost(List<Load> loads) {
    this.loads = loads;
  }

  /**
   * What was loaded.
   *
   * @param mode {@code bare} (without Limpet), {@code plain} (without stickiness), or the affinity
   */
  private record Contender(String proxy, String mode) {
    boolean isSticky() {
      return !mode.equals("bare") && !mode.equals("plain");
    }
  }

  /** One load of a contender. The contenders' loads of a turn follow each other. */
  private record Load(Contender contender, String turn, double micros, double perSecond) {

    static Load of(String line) {
      String[] cells = line.split("\t", -1);
      if (cells.length != 7) {
        throw new IllegalArgumentException("line: " + line + " (expected: 7 cells)");
      }
      double requests = Double.parseDouble(cells[5]);
      return new Load(
          new Contender(cells[0], cells[1]),
          cells[2] + '/' + cells[3],
          Double.parseDouble(cells[4]) / requests,
          requests / Double.parseDouble(cells[6]));
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

  /** Returns a row for each contender, in the order of its first load. */
  static String table(List<String> lines) {
    ProxyCost costs = new ProxyCost(lines.stream().map(Load::of).toList());
    List<Contender> contenders =
        costs.loads.stream().map(Load::contender).distinct().toList();
    return Markdown.table(HEADER, contenders.stream().map(costs::row).toList());
  }

  private List<String> row(Contender contender) {
    Contender gateway = new Contender(GATEWAY, contender.isSticky() ? "lb-cookie" : "plain");
    return List.of(
        contender.proxy(),
        contender.mode(),
        middle(contender, Load::micros, "%.1f"),
        middle(contender, Load::perSecond, "%,.0f"),
        ratio(contender, new Contender(contender.proxy(), "bare")),
        contender.isSticky() ? ratio(contender, new Contender(contender.proxy(), "plain")) : "",
        ratio(gateway, contender),
        Integer.toString(of(contender).size()));
  }

  private List<Load> of(Contender contender) {
    return loads.stream().filter(load -> load.contender().equals(contender)).toList();
  }

  private String middle(Contender contender, ToDoubleFunction<Load> value, String format) {
    return String.format(
        Locale.ROOT,
        format,
        Ratios.median(of(contender).stream().mapToDouble(value).toArray()));
  }

  /** Returns the median of the ratios within a turn, and its interval by the bootstrap. */
  private String ratio(Contender one, Contender other) {
    Map<String, Double> others =
        of(other).stream().collect(Collectors.toMap(Load::turn, Load::micros));
    double[] ratios = of(one).stream()
        .filter(load -> others.containsKey(load.turn()))
        .mapToDouble(load -> load.micros() / requireNonNull(others.get(load.turn())))
        .toArray();
    return (ratios.length == 0 || one.equals(other)) ? "" : Ratios.shown(ratios);
  }
}
