package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which share of new sessions finds no slot in the compact table, while sessions come and go at a
 * load of 60 to 95 %? Counts over four turnovers of all sessions, after four others.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.OverflowReport 10000 1000000</pre>
 */
public final class OverflowReport {
  private static final int TURNOVERS = 4;
  private static final int SEED = 42;
  private static final List<Integer> LOADS = List.of(60, 65, 70, 75, 80, 85, 90, 95);

  private OverflowReport() {}

  /**
   * Measures, and prints a table.
   *
   * @param args the numbers of slots
   */
  public static void main(String[] args) {
    Main.run(
        args,
        "SLOTS…",
        1,
        Integer.MAX_VALUE,
        () -> System.out.print(table(Stream.of(args).map(Integer::valueOf).toList())));
  }

  static String table(List<Integer> slots) {
    return Markdown.table(
        List.of("slots", "load", "new sessions", "found no slot", "share"),
        slots.stream().flatMap(n -> LOADS.stream().map(load -> row(n, load))).toList());
  }

  private static List<String> row(int slots, int load) {
    Churn churn = new Churn(slots, load, SEED);
    churn.settle(TURNOVERS);
    churn.run(TURNOVERS);
    return List.of(
        Numbers.grouped(Integer.toString(slots)),
        load + " %",
        Numbers.grouped(Long.toString(churn.offered())),
        Numbers.grouped(Long.toString(churn.overflowed())),
        Numbers.shown(100.0 * churn.overflowed() / churn.offered()) + " %");
  }
}
