package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table of measurements: one dimension across, all others that vary down. What does not vary is
 * named once.
 *
 * @param measurements what it shows
 * @param across the dimension whose values are the columns
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

  /** Returns what is the same for all, as {@code name = value, …}; "" if there is nothing. */
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

  /** Returns each row's values of the dimensions down. */
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
