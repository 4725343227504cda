package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Results.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jol.info.GraphStats;

/**
 * How many bytes does a live session take? Fills each table, and lets JOL add up the objects that
 * it reaches. The growth of the heap is written next to the result as a check.
 *
 * <pre>java -Xmx8g -cp benchmarks.jar dev.limpet.benchmarks.report.MemoryReport \
 *   memory.json 10000 1000000 10000000</pre>
 *
 * <p>Also pass the JVM options that the results list. The sizes are the same without them, but then
 * JOL takes minutes instead of seconds, because it throws an exception for each object and computes
 * each size again.
 */
public final class MemoryReport {
  private static final String OPTIONS =
      "-Xmx8g -Djdk.attach.allowAttachSelf -XX:+EnableDynamicAgentLoading "
          + Stream.of(
                  "lang",
                  "lang.ref",
                  "net",
                  "util",
                  "util.concurrent",
                  "util.concurrent.atomic",
                  "util.concurrent.locks")
              .map(name -> "--add-opens java.base/java." + name + "=ALL-UNNAMED ")
              .collect(Collectors.joining());

  static {
    System.setProperty("jol.magicFieldOffset", "true"); // otherwise JOL rejects lambdas
    if (System.getProperty("jdk.attach.allowAttachSelf") == null) {
      System.setProperty("jol.skipDynamicAttach", "true"); // attaching would fail after some time
    }
  }

  private MemoryReport() {}

  /**
   * Measures, writes the results, and prints them as a table.
   *
   * @param args the file to write, and the numbers of sessions
   */
  public static void main(String[] args) {
    Main.run(args, "FILE SESSIONS…", 2, Integer.MAX_VALUE, () -> {
      List<Integer> sizes = Stream.of(args).skip(1).map(Integer::valueOf).toList();
      Path file = Path.of(args[0]);
      measured(sizes, args).to(file);
      System.out.print(Chapters.memory(Results.read(List.of(file))).text());
    });
  }

  private static Written measured(List<Integer> sizes, String... args) {
    Written written = new Written(Kind.MEMORY, OPTIONS, MemoryReport.class, args);
    for (int sessions : sizes) {
      for (Filled filled : Filled.values()) {
        written.add(row(filled, sessions));
      }
    }
    return written;
  }

  static Map<String, Object> row(Filled filled, int sessions) {
    long before = usedHeap();
    Object table = filled.with(sessions);
    long grown = usedHeap() - before;
    long reached = GraphStats.parseInstance(table).totalSize();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("table", filled.table());
    filled.load().ifPresent(percent -> row.put("load", percent));
    row.put("sessions", sessions);
    row.put("bytesPerSession", (double) reached / sessions);
    row.put("heapBytesPerSession", (double) grown / sessions);
    return row;
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
