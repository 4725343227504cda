package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jol.info.GraphStats;

/**
 * How many bytes does a live session take? Fills each table, and lets JOL add up the objects that
 * it reaches. The growth of the heap is shown next to it as a check.
 *
 * <pre>java -Xmx8g -cp benchmarks.jar dev.limpet.benchmarks.report.MemoryReport 10000 1000000</pre>
 *
 * <p>Also pass the JVM options of {@code run.sh}. The sizes are the same without them, but then JOL
 * takes minutes instead of seconds, because it throws an exception for each object and computes
 * each size again.
 */
public final class MemoryReport {

  static {
    System.setProperty("jol.magicFieldOffset", "true"); // otherwise JOL rejects lambdas
    if (System.getProperty("jdk.attach.allowAttachSelf") == null) {
      System.setProperty("jol.skipDynamicAttach", "true"); // attaching would fail after some time
    }
  }

  private MemoryReport() {}

  /**
   * Measures, and prints a table.
   *
   * @param args the numbers of sessions
   */
  public static void main(String[] args) {
    Main.run(
        args,
        "SESSIONS…",
        1,
        Integer.MAX_VALUE,
        () -> System.out.print(table(Stream.of(args).map(Integer::valueOf).toList())));
  }

  static String table(List<Integer> sizes) {
    List<String> header = new ArrayList<>(List.of("table"));
    sizes.forEach(size -> header.add("sessions " + Numbers.grouped(size.toString())));
    return Markdown.table(
        header, Stream.of(Filled.values()).map(filled -> row(filled, sizes)).toList());
  }

  private static List<String> row(Filled filled, List<Integer> sizes) {
    List<String> row = new ArrayList<>(List.of(filled.table()));
    sizes.forEach(size -> row.add(bytes(filled, size)));
    return row;
  }

  private static String bytes(Filled filled, int sessions) {
    long before = usedHeap();
    Object table = filled.with(sessions);
    long grown = usedHeap() - before;
    long reached = GraphStats.parseInstance(table).totalSize();
    return Numbers.shown((double) reached / sessions) + " B (heap: "
        + Numbers.shown((double) grown / sessions) + " B)";
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
