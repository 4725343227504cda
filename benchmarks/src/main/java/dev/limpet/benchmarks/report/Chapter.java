package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chapter about a benchmark: a table with a row for each combination of values, and for each JDK.
 *
 * @param title the heading
 * @param asks the question in a sentence
 * @param benchmark the simple name of the class
 * @param rows the dimensions that have their values in rows
 * @param columns the dimension that has its values in columns
 */
record Chapter(String title, String asks, String benchmark, List<String> rows, String columns) {

  /** Returns the chapter in Markdown, or "" if the benchmark was not run. */
  String markdown(Results all) {
    Results mine = all.of(benchmark);
    if (mine.isEmpty()) {
      return "";
    }
    String bytes = mine.all().stream().anyMatch(r -> r.bytes() != null) ? " · bytes allocated" : "";
    String settings =
        mine.all().stream().map(Result::settings).distinct().collect(Collectors.joining("; "));
    return """
        ## %s

        %s

        `%s`, forks × iterations × time: %s.
        Average time of an operation in ns: median of the forks (least–greatest)%s.

        %s""".formatted(title, asks, benchmark, settings, bytes, table(mine, Chapter::shown));
  }

  /** Returns a chart for each JDK, by the name of its file. */
  Map<String, BarChart> charts(Results all) {
    Map<String, BarChart> charts = new LinkedHashMap<>();
    Results mine = all.of(benchmark);
    for (String jdk : mine.values(Result.JDK)) {
      String major = jdk.split("[.+-]", 2)[0];
      String file = benchmark.replace("Benchmark", "") + "-jdk" + major + ".svg";
      charts.put(file, chart(title + ", JDK " + major, mine.with(Result.JDK, jdk)));
    }
    return charts;
  }

  /**
   * Returns the table.
   *
   * @param mine the benchmark's results
   * @param shown how a result is shown
   */
  String table(Results mine, Function<Result, String> shown) {
    List<String> across = mine.values(columns);
    Stream<String> names = across.stream().map(value -> columns + ' ' + Numbers.grouped(value));
    List<String> header =
        Stream.of(rows.stream(), Stream.of(Result.JDK), names).flatMap(s -> s).toList();
    List<List<String>> lines = new ArrayList<>();
    for (List<String> label : labels(mine)) {
      Results row = row(mine, label);
      for (String jdk : row.values(Result.JDK)) {
        List<String> line = new ArrayList<>(label);
        line.add(jdk);
        Results ofJdk = row.with(Result.JDK, jdk);
        across.forEach(value -> line.add(cell(ofJdk.with(columns, value), shown)));
        lines.add(line.stream().map(Numbers::grouped).toList());
      }
    }
    return Markdown.table(header, lines);
  }

  private static String cell(Results cell, Function<Result, String> shown) {
    return cell.all().stream().map(shown).collect(Collectors.joining("; "));
  }

  private static String shown(Result result) {
    Spread bytes = result.bytes();
    String time = result.nanos().toString();
    return (bytes == null) ? time : time + " · " + Math.round(bytes.median()) + " B";
  }

  private BarChart chart(String name, Results mine) {
    List<String> across = mine.values(columns);
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    for (List<String> label : labels(mine)) {
      Results row = row(mine, label);
      groups.put(
          String.join(" ", label),
          across.stream().map(value -> row.with(columns, value).nanos()).toList());
    }
    List<String> series =
        across.stream().map(value -> Numbers.grouped(value) + ' ' + columns).toList();
    return new BarChart(name, "ns", series, groups);
  }

  /** Returns the combinations of the row dimensions' values, as they were read. */
  private List<List<String>> labels(Results mine) {
    return mine.all().stream()
        .map(result -> rows.stream().map(result::value).toList())
        .distinct()
        .toList();
  }

  private Results row(Results mine, List<String> label) {
    Results row = mine;
    for (int i = 0; i < label.size(); i++) {
      row = row.with(rows.get(i), label.get(i));
    }
    return row;
  }
}
