package dev.limpet.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which share of its sessions does each library of {@link PeerBenchmark} keep in place when the
 * backends change? 65,536 sessions on 10 backends send one request each before the change, and one
 * after it.
 *
 * <ul>
 * <li>leaves: a backend is removed; the share of the sessions on other backends.
 * <li>joins: a backend is added; the share of all sessions.
 * <li>drains: a backend takes no new sessions; the share of all sessions.
 * <li>recovers: a backend is down while all sessions send one request, and then serves again; the
 *     share of all sessions that stay where they were while it was down.
 * </ul>
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.PeerChanges</pre>
 */
public final class PeerChanges {
  private static final int BACKENDS = 10;
  private static final int SESSIONS = 1 << 16;
  private static final String CHANGED = "web5";
  private static final String NEWCOMER = "web" + BACKENDS;
  private static final List<String> EVENTS = List.of("leaves", "joins", "drains", "recovers");

  private final String name;
  private final int sessions;

  PeerChanges(String name, int sessions) {
    this.name = name;
    this.sessions = sessions;
  }

  /**
   * Prints a table.
   *
   * @param args none
   */
  public static void main(String[] args) {
    print(
        Peer.NAMES.stream().map(name -> new PeerChanges(name, SESSIONS).row()).toList(),
        System.out);
    System.exit(0); // some libraries do not stop their threads
  }

  /**
   * {@return the percentages of sessions that stay, by event; a text if the library cannot express
   * the event}
   */
  Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("peer", name);
    row.put("leaves", kept(peer -> peer.leave(CHANGED), CHANGED));
    row.put("joins", kept(peer -> peer.join(NEWCOMER), null));
    row.put("drains", drained());
    row.put("recovers", recovered());
    return row;
  }

  private Object drained() {
    Peer peer = peer();
    List<String> before = peer.visit();
    String reason = peer.drain(CHANGED);
    return (reason != null) ? reason : percentKept(before, peer.visit(), null);
  }

  private double recovered() {
    Peer peer = peer();
    peer.down(CHANGED);
    List<String> meanwhile = peer.visit();
    peer.up(CHANGED);
    return percentKept(meanwhile, peer.visit(), null);
  }

  private double kept(Consumer<Peer> change, @Nullable String except) {
    Peer peer = peer();
    List<String> before = peer.visit();
    change.accept(peer);
    return percentKept(before, peer.visit(), except);
  }

  private Peer peer() {
    List<String> backends =
        IntStream.range(0, BACKENDS).mapToObj(i -> "web" + i).toList();
    return Peer.of(name, backends, sessions);
  }

  /**
   * Returns the percentage of sessions that are in the same place, among those that were not on the
   * excepted backend.
   */
  private static double percentKept(
      List<String> before, List<String> after, @Nullable String except) {
    int[] counted = IntStream.range(0, before.size())
        .filter(i -> !before.get(i).equals(except))
        .toArray();
    long kept =
        IntStream.of(counted).filter(i -> before.get(i).equals(after.get(i))).count();
    return Math.round(1000.0 * kept / counted.length) / 10.0;
  }

  private static void print(List<Map<String, Object>> rows, PrintStream out) {
    out.println("| peer | " + String.join(" | ", EVENTS) + " |");
    out.println("|---|" + "--:|".repeat(EVENTS.size()));
    for (Map<String, Object> row : rows) {
      List<String> cells = new ArrayList<>();
      row.values()
          .forEach(cell -> cells.add((cell instanceof Double) ? cell + " %" : cell.toString()));
      out.println("| " + String.join(" | ", cells) + " |");
    }
  }
}
