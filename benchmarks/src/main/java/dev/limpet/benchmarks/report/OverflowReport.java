package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Results.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which share of new sessions finds no slot in the compact table, while sessions come and go at a
 * load of 60 to 95 %? Counts over four turnovers of all sessions, after four others.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.OverflowReport \
 *   overflow.json 10000 1000000</pre>
 */
public final class OverflowReport {
  private static final int TURNOVERS = 4;
  private static final int SEED = 42;
  private static final List<Integer> LOADS = List.of(60, 65, 70, 75, 80, 85, 90, 95);

  private OverflowReport() {}

  /**
   * Measures, writes the results, and prints them as a table.
   *
   * @param args the file to write, and the capacities
   */
  public static void main(String[] args) {
    Main.run(args, "FILE SLOTS…", 2, Integer.MAX_VALUE, () -> {
      List<Integer> slots = Stream.of(args).skip(1).map(Integer::valueOf).toList();
      Path file = Path.of(args[0]);
      measured(slots, args).to(file);
      System.out.print(Chapters.overflow(Results.read(List.of(file))).text());
    });
  }

  private static Written measured(List<Integer> slots, String... args) {
    Written written = new Written(Kind.OVERFLOW, "", OverflowReport.class, args);
    for (int capacity : slots) {
      LOADS.forEach(load -> written.add(row(capacity, load)));
    }
    return written;
  }

  static Map<String, Object> row(int slots, int load) {
    Churn churn = new Churn(slots, load, SEED);
    churn.settle(TURNOVERS);
    churn.run(TURNOVERS);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("places", slots);
    row.put("load", load);
    row.put("offered", churn.offered());
    row.put("overflowed", churn.overflowed());
    return row;
  }
}
