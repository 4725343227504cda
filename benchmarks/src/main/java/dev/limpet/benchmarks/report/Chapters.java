package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.BarChart.Group;
import dev.limpet.benchmarks.report.Results.Kind;
import dev.limpet.benchmarks.report.Section.Figure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The chapters about what JMH does not measure. */
final class Chapters {
  private Chapters() {}

  static Section machine(Results results) {
    String title = "Machine";
    if (results.of(Kind.MACHINE).isEmpty()) {
      return Section.leftOut(title, "the machine");
    }
    List<List<String>> rows = results.rows(Kind.MACHINE).stream()
        .map(row -> List.of(row.at("what").text(), row.at("is").text()))
        .distinct()
        .toList();
    return new Section(title, Markdown.table(List.of("what", "is"), rows));
  }

  static Section peerChanges(Results results) {
    return measured(
        results,
        Kind.PEER_CHANGES,
        "What peers keep",
        "How many of 65,536 sessions stay on their backend, in percent, if another backend leaves,"
            + " joins, drains or\nrecovers? A peer that is faster but keeps fewer sessions does less"
            + " work.",
        rows -> Markdown.table(
            List.of("peer", "leaves", "joins", "drains", "recovers"),
            rows.stream().map(Chapters::peer).distinct().toList()));
  }

  private static List<String> peer(JsonFile row) {
    List<String> cells = new ArrayList<>(List.of(row.at("peer").text()));
    for (String change : List.of("leaves", "joins", "drains", "recovers")) {
      JsonFile cell = row.at(change);
      cells.add(cell.node().isNumber() ? Numbers.shown(cell.number()) + " %" : cell.text());
    }
    return cells;
  }

  static Section memory(Results results) {
    Section section = measured(
        results,
        Kind.MEMORY,
        "Memory",
        "How many bytes does a live session take? Measured by JOL, over all objects of the table"
            + " that it does not\nshare.",
        Chapters::memoryTable);
    List<JsonFile> rows = results.rows(Kind.MEMORY);
    return rows.isEmpty()
        ? section
        : new Section(section.title(), section.text(), List.of(memoryPlot(rows)));
  }

  private static String memoryTable(List<JsonFile> rows) {
    Set<String> sizes = sizes(rows);
    List<String> header = new ArrayList<>(List.of("table"));
    sizes.forEach(size -> header.add("sessions " + Numbers.grouped(size)));
    List<List<String>> lines = new ArrayList<>();
    for (String table : tables(rows)) {
      List<String> line = new ArrayList<>(List.of(table));
      sizes.forEach(size -> line.add(bytes(rows, table, size).stream()
          .mapToObj(bytes -> Numbers.shown(bytes) + " B")
          .findFirst()
          .orElse("")));
      lines.add(line);
    }
    return Markdown.table(header, lines);
  }

  private static Figure memoryPlot(List<JsonFile> rows) {
    Set<String> sizes = sizes(rows);
    List<Group> groups = tables(rows).stream()
        .map(table -> new Group(
            table, sizes.stream().map(size -> bytes(rows, table, size)).toList()))
        .toList();
    List<String> series =
        sizes.stream().map(size -> Numbers.grouped(size) + " sessions").toList();
    String name = "Memory per live session";
    return new Figure("memory.svg", name, new BarChart(name, "bytes", series, groups).svg());
  }

  private static Set<String> sizes(List<JsonFile> rows) {
    Set<String> sizes = new TreeSet<>(Comparator.comparingLong(Long::parseLong));
    rows.forEach(row -> sizes.add(Integer.toString(row.at("sessions").count())));
    return sizes;
  }

  private static Set<String> tables(List<JsonFile> rows) {
    return distinct(rows, Chapters::table);
  }

  private static String table(JsonFile row) {
    String table = row.at("table").text();
    return row.has("load") ? table + ", " + row.at("load").count() + " % load" : table;
  }

  private static OptionalDouble bytes(List<JsonFile> rows, String table, String sessions) {
    return rows.stream()
        .filter(row -> table(row).equals(table))
        .filter(row -> row.at("sessions").node().asText().equals(sessions))
        .mapToDouble(row -> row.at("bytesPerSession").number())
        .findFirst();
  }

  static Section overflow(Results results) {
    return measured(
        results,
        Kind.OVERFLOW,
        "Overflow",
        "What share of new sessions finds no slot in the compact table while sessions come and go?"
            + " These sessions\nfall back to hashing.",
        rows -> Markdown.table(
            List.of("slots", "load", "new sessions", "found no slot", "share"),
            rows.stream().map(Chapters::overflow).distinct().toList()));
  }

  private static List<String> overflow(JsonFile row) {
    double overflowed = row.at("overflowed").number();
    double offered = row.at("offered").number();
    return List.of(
        Numbers.grouped(row.at("places").node().asText()),
        row.at("load").count() + " %",
        Numbers.grouped(row.at("offered").node().asText()),
        Numbers.grouped(row.at("overflowed").node().asText()),
        Numbers.shown(100 * overflowed / offered) + " %");
  }

  private static Section measured(
      Results results,
      Kind kind,
      String title,
      String asks,
      Function<List<JsonFile>, String> table) {
    List<JsonFile> files = results.of(kind);
    if (files.isEmpty()) {
      return Section.leftOut(title, "it");
    }
    List<String> commands =
        List.copyOf(distinct(files, file -> file.at("command").text()));
    String text = asks + "\n\n" + table.apply(results.rows(kind)) + '\n' + Markdown.shell(commands);
    return new Section(title, text);
  }

  private static Set<String> distinct(List<JsonFile> parts, Function<JsonFile, String> what) {
    return new LinkedHashSet<>(parts.stream().map(what).toList());
  }
}
