package dev.limpet.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpet.benchmarks.report.Ratios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The times of lookups that were measured in turns.
 *
 * @param all the times, in the order of the turns
 */
record LookupTimes(List<Time> all) {

  /**
   * A time.
   *
   * @param turn the number of the turn, from 1
   * @param lookup what was measured
   * @param nanos nanoseconds of a lookup
   */
  record Time(int turn, Lookup lookup, double nanos) {}

  /**
   * A kind of lookup.
   *
   * @param access independent or dependent
   * @param table the table, as {@link VisitedTable#of} names it
   * @param sessions the number of sessions in the table
   */
  record Lookup(String access, String table, int sessions) {
    Lookup in(String other) {
      return new Lookup(access, other, sessions);
    }
  }

  /**
   * {@return a table in Markdown: a row for each access and table, a column for each number of
   * sessions}
   */
  String markdown() {
    List<Integer> sizes =
        all.stream().map(time -> time.lookup().sessions()).distinct().toList();
    StringBuilder lines = new StringBuilder("| access | table |");
    sizes.forEach(size -> lines.append(String.format(Locale.ROOT, " sessions %,d |", size)));
    lines.append("\n|---|---|").append("---|".repeat(sizes.size())).append('\n');
    all.stream()
        .map(time -> new Lookup(time.lookup().access(), time.lookup().table(), 0))
        .distinct()
        .map(row -> row(row.access(), row.table(), sizes))
        .sorted()
        .forEach(lines::append);
    return lines.toString();
  }

  /**
   * Writes the times as JMH does.
   *
   * @param folder gets a folder for each turn, with the file {@code lookup.json}
   */
  void write(Path folder) throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (int turn : all.stream().mapToInt(Time::turn).distinct().toArray()) {
      List<Map<String, Object>> its = all.stream()
          .filter(time -> time.turn() == turn)
          .map(LookupTimes::asJmh)
          .toList();
      Path written = Files.createDirectories(folder.resolve(Integer.toString(turn)));
      json.writeValue(written.resolve("lookup.json").toFile(), its);
    }
  }

  private String row(String access, String table, List<Integer> sizes) {
    List<String> cells = new ArrayList<>(List.of(access, table));
    sizes.forEach(size -> cells.add(cell(new Lookup(access, table, size))));
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private String cell(Lookup lookup) {
    double[] nanos = nanos(lookup);
    String time = String.format(Locale.ROOT, "%,.0f", Ratios.median(nanos));
    if (lookup.table().equals(TableProcess.COMPACT)) {
      return time;
    }
    double[] compact = nanos(lookup.in(TableProcess.COMPACT));
    return time
        + " · "
        + Ratios.shown(IntStream.range(0, nanos.length)
            .mapToDouble(i -> nanos[i] / compact[i])
            .toArray());
  }

  private double[] nanos(Lookup lookup) {
    return all.stream()
        .filter(time -> time.lookup().equals(lookup))
        .mapToDouble(Time::nanos)
        .toArray();
  }

  private static Map<String, Object> asJmh(Time time) {
    Lookup lookup = time.lookup();
    return Map.of(
        "benchmark",
        LookupTurns.class.getName() + ".lookup",
        "jdkVersion",
        System.getProperty("java.version"),
        "threads",
        1,
        "forks",
        1,
        "measurementIterations",
        1,
        "measurementTime",
        TableProcess.MOMENT.toMillis() + " ms",
        "params",
        Map.of("access", lookup.access(), "table", lookup.table(), "sessions", lookup.sessions()),
        "primaryMetric",
        Map.of("scoreUnit", "ns/op", "rawData", List.of(List.of(time.nanos()))));
  }
}
