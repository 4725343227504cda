package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The chapter that compares the tables' lookups with those of the compact table. */
final class LookupRatios {
  private static final String TITLE = "Lookups compared";
  private static final String COMPACT = "compact";

  private LookupRatios() {}

  static Section section(Selection jmh) {
    Selection lookups = jmh.of("TableLookupBenchmark").with(Measurement.THREADS, 1);
    List<List<String>> rows = new ArrayList<>();
    for (String jdk : lookups.values(Measurement.JDK)) {
      Selection ofJdk = lookups.with(Measurement.JDK, jdk);
      for (String access : ofJdk.values("access")) {
        rows.addAll(rows(jdk, access, ofJdk.with("access", access), lookups.values("sessions")));
      }
    }
    if (rows.isEmpty()) {
      return Section.leftOut(TITLE, "the compact table beside another");
    }
    List<String> header = new ArrayList<>(List.of("JDK", "access", "table"));
    lookups.values("sessions").forEach(n -> header.add("sessions " + Numbers.grouped(n)));
    String text =
        "How much longer does another table take than the compact table, as a ratio and in ns?"
            + " Ratios and differences\nof medians, one thread.\n\n";
    return new Section(TITLE, text + Markdown.table(header, rows));
  }

  private static List<List<String>> rows(
      String jdk, String access, Selection lookups, List<String> sessions) {
    Selection compact = lookups.with("table", COMPACT);
    return lookups.values("table").stream()
        .filter(table -> !table.equals(COMPACT) && !compact.isEmpty())
        .map(table -> {
          List<String> row = new ArrayList<>(List.of(jdk, access, table));
          sessions.forEach(n -> row.add(
              cell(compact.with("sessions", n), lookups.with("table", table).with("sessions", n))));
          return row;
        })
        .map(List::copyOf)
        .toList();
  }

  private static String cell(Selection compact, Selection other) {
    OptionalDouble ratio = Numbers.ratio(other.nanos(), compact.nanos());
    OptionalDouble more = Numbers.difference(other.nanos(), compact.nanos());
    return ratio.isEmpty()
        ? ""
        : Numbers.shown(ratio.getAsDouble()) + "× · " + Numbers.shown(more.getAsDouble()) + " ns";
  }
}
