package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.BarChart.Group;
import dev.limpet.benchmarks.report.LineChart.Line;
import dev.limpet.benchmarks.report.Section.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A benchmark and how its results are shown.
 *
 * @param benchmark the simple name of the class
 * @param title the heading
 * @param asks the question in a sentence
 * @param across the dimension that the table has across
 * @param plot how results are drawn
 */
record Question(String benchmark, String title, String asks, String across, Plot plot) {

  /** How results are drawn. */
  enum Plot {
    /** Not at all. */
    NONE,
    /** A line for each table, over the number of sessions. */
    LINES,
    /** Bars for each peer or balancer. */
    BARS
  }

  static List<Question> all() {
    return List.of(
        new Question(
            "TableLookupBenchmark",
            "A lookup in a table",
            "What does it cost to find a bound session, including the hash of its key?"
                + " `memoryFloor` is one random read in an\narray of the compact table's size.",
            "sessions",
            Plot.LINES),
        new Question(
            "RouteBenchmark",
            "Routing a bound session",
            "What does the whole decision cost?"
                + " In a polluted JVM, every kind of affinity has run before.",
            Measurement.THREADS,
            Plot.NONE),
        new Question(
            "TokenBenchmark",
            "An LB cookie that was not verified before",
            "What does the first request with a token cost?",
            Measurement.THREADS,
            Plot.NONE),
        new Question(
            "PeerBenchmark",
            "Peers",
            "What does it cost to find the backend of one of 65,536 sessions"
                + " with each peer's own API?",
            "backends",
            Plot.BARS),
        new Question(
            "PickBenchmark",
            "First placement",
            "What does it cost to pick a backend for a new session?",
            "backends",
            Plot.BARS),
        new Question(
            "BindBenchmark",
            "New sessions",
            "What does it cost to bind a session, or to be refused by a full table?",
            Measurement.THREADS,
            Plot.NONE),
        new Question(
            "PoolChangeBenchmark",
            "Changing a pool",
            "What does a change of the backends cost, including a new fair cycle?",
            "backends",
            Plot.NONE));
  }

  /** Returns a question about a benchmark that is not one of {@link #all}. */
  static Question other(String benchmark) {
    return new Question(benchmark, benchmark, "", Measurement.THREADS, Plot.NONE);
  }

  /** Returns the chapter; without results, a sentence that says so. */
  Section answer(Selection jmh) {
    Selection mine = jmh.of(benchmark);
    if (mine.isEmpty()) {
      return Section.leftOut(title, '`' + benchmark + '`');
    }
    Pivot pivot = new Pivot(mine, across);
    String fixed = pivot.fixed().isEmpty() ? "" : "\nIn all rows: " + pivot.fixed() + '.';
    String text = (asks.isEmpty() ? "" : asks + "\n\n")
        + "Average time per operation in ns: median of the forks (least–greatest)"
        + (mine.mostBytes().isPresent() ? " · bytes allocated" : "") + '.' + fixed + "\n\n"
        + pivot.table() + '\n' + Markdown.shell(Commands.of(mine));
    return new Section(title, text, figures(mine));
  }

  private List<Figure> figures(Selection mine) {
    List<Figure> figures = new ArrayList<>();
    for (String jdk : mine.values(Measurement.JDK)) {
      Selection drawn = mine.with(Measurement.JDK, jdk).with(Measurement.THREADS, 1);
      String major = jdk.split("[.+-]", 2)[0];
      if (drawn.isEmpty()) {
        continue;
      }
      switch (plot) {
        case LINES ->
          drawn
              .values("access")
              .forEach(access -> figures.add(lines(drawn.with("access", access), access, major)));
        case BARS -> figures.add(bars(drawn, major));
        case NONE -> {}
      }
    }
    return figures;
  }

  private Figure lines(Selection drawn, String access, String major) {
    String name = title + ", " + access + " lookups, JDK " + major;
    List<Line> lines = drawn.values("table").stream()
        .map(table -> new Line(table, points(drawn.with("table", table))))
        .toList();
    return new Figure(
        file(access + "-jdk" + major), name, new LineChart(name, "sessions", "ns", lines).svg());
  }

  private List<double[]> points(Selection line) {
    return line.values(across).stream()
        .map(x ->
            new double[] {Double.parseDouble(x), line.with(across, x).nanos().orElse(0)})
        .toList();
  }

  private Figure bars(Selection drawn, String major) {
    String name = title + ", JDK " + major;
    String down = drawn.params().contains("peer") ? "peer" : "balancer";
    List<String> series = drawn.values(across);
    List<Group> groups = drawn.values(down).stream()
        .map(group -> new Group(
            group,
            series.stream()
                .map(x -> drawn.with(down, group).with(across, x).nanos())
                .toList()))
        .toList();
    List<String> legend =
        series.stream().map(x -> Numbers.grouped(x) + ' ' + across).toList();
    return new Figure(file("jdk" + major), name, new BarChart(name, "ns", legend, groups).svg());
  }

  private String file(String suffix) {
    return benchmark.replace("Benchmark", "").toLowerCase(Locale.ROOT) + '-' + suffix + ".svg";
  }
}
