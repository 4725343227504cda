package dev.limpet.benchmarks.report;

import static java.util.function.Predicate.not;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The document about the performance, with a chapter for everything that was measured.
 *
 * @param runs one run for each JDK
 */
record Document(List<Run> runs) {
  /** The folder of the charts, relative to the document. */
  static final String FOLDER = "performance";

  private static final String BEGIN = """
      # Performance

      `benchmarks/run.sh` measures all of this and writes this file. Trust the ratios within a run more than the times,
      because the times are those of one machine. [How performance is measured](performance-method.md) explains the terms.

      """;

  private static final Chapter LOOKUPS = new Chapter(
      "A lookup in a table",
      """
      What does it cost to find a bound session, including the hash of its key? `memoryFloor` is one random read in an
      array of the compact table's size.""",
      "TableLookupBenchmark",
      List.of("access", "table", "threads"),
      "sessions");

  private static final Chapter ROUTES = new Chapter(
      "Routing a bound session",
      "What does the whole decision cost? In a polluted JVM, every kind of affinity has run before.",
      "RouteBenchmark",
      List.of("affinity", "jvm"),
      "sessions");

  private static final Chapter TOKENS = new Chapter(
      "An LB cookie that was not verified before",
      "What does the first request with a token cost?",
      "TokenBenchmark",
      List.of(),
      "sessions");

  private static final Chapter EXCHANGES = new Chapter(
      "A request from its route to its response",
      """
      What does a kept request cost by an exchange, by the router's separate calls, and by `route` alone? `counted`: the
      pool counts connections.""",
      "ExchangeBenchmark",
      List.of("affinity", "counted"),
      "method");

  private static final Chapter PEERS = new Chapter(
      "Peers",
      "What does it cost to find the backend of one of 65,536 sessions with each peer's own API?",
      "PeerBenchmark",
      List.of("peer"),
      "backends");

  private static final Chapter PICKS = new Chapter(
      "First placement",
      "What does it cost to pick a backend for a new session?",
      "PickBenchmark",
      List.of("balancer", "threads"),
      "backends");

  private static final Chapter BINDS = new Chapter(
      "New sessions",
      "What does it cost to bind a session, or to be refused by a full table?",
      "BindBenchmark",
      List.of("method", "table"),
      "threads");

  private static final Chapter CHANGES = new Chapter(
      "Changing a pool",
      "What does a change of the backends cost, including a new fair cycle?",
      "PoolChangeBenchmark",
      List.of(),
      "backends");

  private static final Chapter CONTROL = new Chapter(
      "Scaling of the processor",
      "What does a pure computation cost, which shares nothing between threads?",
      "ScalingControlBenchmark",
      List.of(),
      "threads");

  String markdown() {
    return Stream.of(
            table("Machine", "", "machine"),
            drawn(LOOKUPS),
            table("Lookups compared", """
                How many times as long as in the compact table does a lookup take elsewhere at the same time? One thread.
                Each table has a process of its own, and all look up sessions in turns of a fifth of a second. Median time
                in ns · median of the ratios within a turn (its 95 % interval). `coarse` is a compact table with a coarse
                clock.
                """, "turns"),
            measured(ROUTES),
            measured(TOKENS),
            measured(EXCHANGES),
            drawn(PEERS),
            table("What peers keep", """
                How many of 65,536 sessions stay on their backend, in percent, if another backend leaves, joins, drains or
                recovers? A peer that is faster but keeps fewer sessions does less work.
                """, "peers"),
            drawn(PICKS),
            measured(BINDS),
            measured(CHANGES),
            table("Memory", """
                How many bytes does a live session take? Measured by JOL, over all objects of the table that it does not
                share.
                """, "memory"),
            table("Overflow", """
                What share of new sessions finds no slot in the compact table while sessions come and go? These sessions
                fall back to hashing.
                """, "overflow"),
            measured(CONTROL),
            table(
                "The cost in a real proxy", "What does stickiness cost a whole proxy?\n", "proxy"))
        .filter(not(String::isEmpty))
        .collect(Collectors.joining("\n", BEGIN, ""));
  }

  /** Returns the charts by the names of their files. */
  Map<String, BarChart> charts() {
    Map<String, BarChart> charts = new LinkedHashMap<>();
    Stream.of(LOOKUPS, PEERS, PICKS).forEach(chapter -> charts.putAll(chapter.charts(results())));
    return charts;
  }

  private Results results() {
    return new Results(
        runs.stream().flatMap(run -> run.results().all().stream()).toList());
  }

  private String measured(Chapter chapter) {
    return chapter.markdown(results());
  }

  private String drawn(Chapter chapter) {
    String images = chapter.charts(results()).entrySet().stream()
        .map(chart -> Markdown.image(chart.getValue().title(), FOLDER + '/' + chart.getKey()))
        .collect(Collectors.joining("\n"));
    return measured(chapter) + (images.isEmpty() ? "" : '\n' + images);
  }

  /** Returns a chapter with the table that a program wrote, once if it is the same for all JDKs. */
  private String table(String title, String asks, String name) {
    Map<String, List<String>> jdks = new LinkedHashMap<>();
    runs.forEach(
        run -> jdks.computeIfAbsent(run.table(name), t -> new ArrayList<>()).add(run.jdk()));
    jdks.remove("");
    return section(
        title,
        asks,
        jdks.entrySet().stream()
            .map(table -> (jdks.size() == 1)
                ? table.getKey()
                : "JDK " + String.join(", ", table.getValue()) + ":\n\n" + table.getKey())
            .collect(Collectors.joining("\n")));
  }

  private static String section(String title, String asks, String table) {
    return table.isEmpty()
        ? ""
        : "## " + title + "\n\n" + (asks.isEmpty() ? "" : asks + '\n') + table;
  }
}
