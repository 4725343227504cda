package dev.limpet.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table in a process of its own, whose code nothing else has run. It visits sessions for a moment
 * each time it is told the access, and answers with the nanoseconds of a visit.
 */
final class TableProcess implements AutoCloseable {
  static final String COMPACT = "compact";
  static final Duration MOMENT = Duration.ofMillis(100);

  private static final long LEAST_BYTES = 512L << 20;
  private static final long BYTES_PER_SESSION = 300;
  private static final int BATCH = 1_000;

  private final String table;
  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;

  private TableProcess(String table, Process process) {
    this.table = table;
    this.process = process;
    this.commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = reader(process.getInputStream());
  }

  /**
   * Starts a process with the same JDK and the same classes as this one.
   *
   * @param table one of {@link VisitedTable#of}
   * @param sessions the number of sessions, 1 or more
   */
  static TableProcess start(String table, int sessions) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder starting = new ProcessBuilder(java);
    long heap = LEAST_BYTES + BYTES_PER_SESSION * sessions;
    starting.command().addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-Xmn64m"));
    starting
        .command()
        .addAll(List.of(
            "-cp",
            System.getProperty("java.class.path"),
            TableProcess.class.getName(),
            table,
            Integer.toString(sessions)));
    try {
      Process process = starting.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new TableProcess(table, process);
    } catch (IOException e) {
      throw new UncheckedIOException(table + ": not started (expected: a Java process)", e);
    }
  }

  String table() {
    return table;
  }

  /**
   * {@return the nanoseconds of a visit, after as many visits that fetch the table into the caches}
   *
   * @param access independent or dependent
   * @throws IllegalStateException if the process has ended
   */
  double nanos(String access) {
    commands.println(access);
    try {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(table + ": its process has ended (expected: a time)");
      }
      return Double.parseDouble(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(table + ": no answer (expected: a time)", e);
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * What the process runs, until its input ends.
   *
   * @param args the table and the number of sessions
   */
  public static void main(String[] args) throws IOException {
    int sessions = Integer.parseInt(args[1]);
    VisitedTable table = VisitedTable.of(args[0], sessions);
    Map<String, TableLookupBenchmark.Visitor> visitors = new HashMap<>();
    BufferedReader commands = reader(System.in);
    for (String access = commands.readLine(); access != null; access = commands.readLine()) {
      TableLookupBenchmark.Visitor visitor =
          visitors.computeIfAbsent(access, its -> visitor(sessions, its));
      double unused = visit(table, visitor);
      System.out.println(visit(table, visitor));
    }
  }

  private static TableLookupBenchmark.Visitor visitor(int sessions, String access) {
    TableLookupBenchmark.Visitor visitor = new TableLookupBenchmark.Visitor();
    visitor.begin(sessions, access, 0);
    return visitor;
  }

  /** Visits sessions for a moment, and returns the nanoseconds of a visit. */
  private static double visit(VisitedTable table, TableLookupBenchmark.Visitor visitor) {
    long begin = System.nanoTime();
    long passed = 0;
    long visits = 0;
    int sum = 0;
    while (passed < MOMENT.toNanos()) {
      for (int i = 0; i < BATCH; i++) {
        sum += visitor.visit(table);
      }
      visits += BATCH;
      passed = System.nanoTime() - begin;
    }
    if (sum != 0) {
      throw new IllegalStateException("misses: " + sum + " (expected: none)");
    }
    return (double) passed / visits;
  }

  private static BufferedReader reader(InputStream input) {
    return new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
  }
}
