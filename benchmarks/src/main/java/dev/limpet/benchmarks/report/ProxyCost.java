package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Results.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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

    static Load of(JsonFile load) {
      double requests = load.at("requests").number();
      if (requests <= 0) {
        throw load.at("requests").bad("1 or more");
      }
      return new Load(
          load.at("cpuMicros").number() / requests,
          requests / load.at("seconds").number(),
          load.at("p50Micros").number(),
          load.at("p99Micros").number());
    }
  }

  /**
   * Prints the table of a file with rounds.
   *
   * @param args the file
   */
  public static void main(String[] args) {
    Main.run(args, "FILE", 1, 1, () -> {
      Results results = Results.read(List.of(Path.of(args[0])));
      System.out.print(table(of(results)));
    });
  }

  static List<ProxyCost> of(Results results) {
    return results.rows(Kind.PROXY_COST).stream().map(ProxyCost::of).toList();
  }

  private static ProxyCost of(JsonFile row) {
    List<Round> rounds = row.at("rounds").items().stream()
        .map(round -> new Round(Load.of(round.at("with")), Load.of(round.at("without"))))
        .toList();
    if (rounds.isEmpty()) {
      throw row.at("rounds").bad("at least one round");
    }
    return new ProxyCost(row.at("proxy").text(), row.at("affinity").text(), rounds);
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

  static List<Verdict> verdicts(List<ProxyCost> costs) {
    List<Verdict> verdicts = costs.stream()
        .filter(cost -> cost.proxy().equals("gateway"))
        .map(cost -> verdict(cost.affinity(), OptionalDouble.of(cost.cpuRatio().median())))
        .toList();
    return verdicts.isEmpty() ? List.of(verdict("any", OptionalDouble.empty())) : verdicts;
  }

  Spread cpuRatio() {
    return over((round, value) -> ratio(round, value), Load::cpuMicros);
  }

  private static Verdict verdict(String affinity, OptionalDouble ratio) {
    String claim = "CPU time of the gateway per request, " + affinity + " affinity / none,";
    return Verdict.atMost("", claim, ratio, 1.03, "×");
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
