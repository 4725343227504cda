package dev.limpet.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The cost of stickiness for one proxy, from rounds with and without it.
 *
 * @param proxy the proxy
 * @param affinity how it was made sticky
 * @param rounds the rounds
 */
record ProxyCost(String proxy, String affinity, List<Round> rounds) {
  private static final List<String> HEADER =
      List.of("proxy", "affinity", "", "CPU µs/request", "requests/s", "p50 µs", "p99 µs");

  /** A round: one load with stickiness, and one without. */
  record Round(Load with, Load without) {}

  /**
   * The results of a load.
   *
   * @param cpuMicros the proxy's processor time per request
   * @param perSecond requests answered per second
   * @param p50Micros the median time of a request
   * @param p99Micros the 99th percentile of the time of a request
   */
  record Load(double cpuMicros, double perSecond, double p50Micros, double p99Micros) {

    static Load of(JsonNode load) {
      double requests = load.required("requests").asDouble();
      return new Load(
          load.required("cpuMicros").asDouble() / requests,
          requests / load.required("seconds").asDouble(),
          load.required("p50Micros").asDouble(),
          load.required("p99Micros").asDouble());
    }
  }

  /**
   * Prints the table of a file with rounds.
   *
   * @param args the file
   */
  public static void main(String[] args) {
    Main.run(args, "FILE", 1, 1, () -> {
      try {
        System.out.print(table(of(new ObjectMapper().readTree(Path.of(args[0]).toFile()))));
      } catch (IOException e) {
        throw new UncheckedIOException(args[0] + ": not readable (expected: rounds)", e);
      }
    });
  }

  private static List<ProxyCost> of(JsonNode file) {
    List<ProxyCost> costs = new ArrayList<>();
    for (JsonNode row : file.required("rows")) {
      List<Round> rounds = new ArrayList<>();
      row.required("rounds")
          .forEach(round -> rounds.add(
              new Round(Load.of(round.required("with")), Load.of(round.required("without")))));
      costs.add(
          new ProxyCost(row.required("proxy").asText(), row.required("affinity").asText(), rounds));
    }
    return costs;
  }

  /** Returns three rows for each: with, without, and with / without within a round. */
  static String table(List<ProxyCost> costs) {
    List<List<String>> rows = new ArrayList<>();
    for (ProxyCost cost : costs) {
      rows.add(cost.row("with", (round, value) -> value.apply(round.with())));
      rows.add(cost.row("without", (round, value) -> value.apply(round.without())));
      rows.add(cost.row("ratio", ProxyCost::ratio));
    }
    return Markdown.table(HEADER, rows);
  }

  private List<String> row(String name, Measure measure) {
    List<String> cells = new ArrayList<>(List.of(proxy, affinity, name));
    List<Function<Load, Double>> values =
        List.of(Load::cpuMicros, Load::perSecond, Load::p50Micros, Load::p99Micros);
    values.forEach(value -> cells.add(over(measure, value).toString()));
    return cells;
  }

  private Spread over(Measure measure, Function<Load, Double> value) {
    return Spread.of(rounds.stream().map(round -> measure.of(round, value)).toList());
  }

  private static double ratio(Round round, Function<Load, Double> value) {
    return value.apply(round.with()) / value.apply(round.without());
  }

  /** Reads a value of a round. */
  private interface Measure {
    double of(Round round, Function<Load, Double> value);
  }
}
