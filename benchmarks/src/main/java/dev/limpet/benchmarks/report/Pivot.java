package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table of measurements: one dimension has its values in columns, and all others that vary have
 * theirs in rows. Dimensions that do not vary are stated once.
 *
 * @param measurements the measurements to show
 * @param across the dimension of the columns
 */
record Pivot(Selection measurements, String across) {

  /** Returns the table in Markdown. */
  String table() {
    List<String> down = varying();
    List<String> columns = measurements.values(across);
    List<String> header = new ArrayList<>(down);
    columns.forEach(column -> header.add(across + ' ' + Numbers.grouped(column)));
    return Markdown.table(
        header, labels(down).stream().map(label -> row(down, label, columns)).toList());
  }

  /** Returns the constant dimensions as {@code name = value, …}; empty if all of them vary. */
  String fixed() {
    return String.join(
        ", ",
        dimensions().stream()
            .filter(dimension -> measurements.values(dimension).size() == 1)
            .filter(dimension -> !dimension.equals(Measurement.METHOD))
            .map(dimension -> dimension + " = "
                + Numbers.grouped(measurements.values(dimension).get(0)))
            .toList());
  }

  private List<String> row(List<String> down, List<String> label, List<String> columns) {
    Selection row = measurements;
    for (int i = 0; i < down.size(); i++) {
      row = row.with(down.get(i), label.get(i));
    }
    List<String> cells = new ArrayList<>(label.stream().map(Numbers::grouped).toList());
    for (String column : columns) {
      cells.add(cell(row.with(across, column)));
    }
    return cells;
  }

  private static String cell(Selection cell) {
    return String.join("; ", cell.all().stream().map(Pivot::shown).toList());
  }

  private static String shown(Measurement measurement) {
    Spread bytes = measurement.bytes();
    String time = measurement.nanos().toString();
    return (bytes == null) ? time : time + " · " + Math.round(bytes.median()) + " B";
  }

  /** Returns the values of the row dimensions, for each row. */
  private Set<List<String>> labels(List<String> down) {
    Set<List<String>> labels = new LinkedHashSet<>();
    measurements.all().forEach(m -> labels.add(down.stream().map(m::value).toList()));
    return labels;
  }

  private List<String> varying() {
    return dimensions().stream()
        .filter(dimension -> measurements.values(dimension).size() > 1)
        .toList();
  }

  private List<String> dimensions() {
    return Stream.concat(
            Stream.of(Measurement.JDK, Measurement.THREADS, Measurement.METHOD),
            measurements.params().stream())
        .filter(dimension -> !dimension.equals(across))
        .toList();
  }
}
