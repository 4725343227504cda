package dev.limpet.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.limpet.benchmarks.load.Options;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Does routing a bound session really allocate nothing? Routes 10⁹ requests by source address, and
 * 10⁸ by verified LB cookie, application cookie and header each. Prints the bytes that were
 * allocated and the garbage collections, and fails if there are more bytes than the JVM takes once.
 *
 * <p>The stronger proof is to run it with a collector that never collects: if a hit allocated a
 * single byte, the heap would not suffice.
 *
 * <pre>java -XX:+UnlockExperimentalVMOptions -XX:+UseEpsilonGC -Xmx256m \
 *     -cp benchmarks.jar dev.limpet.benchmarks.NoGarbage</pre>
 *
 * <p>{@code --control} routes by IPv6 address, which is known to allocate, so this must fail.
 */
@Command(
    name = "NoGarbage",
    description = "Measures what routing bound sessions allocates.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:nothing was allocated", "1:garbage", "2:a bad option"},
    mixinStandardHelpOptions = true)
public final class NoGarbage implements Callable<Integer> {
  private static final int SESSIONS = 1_000;
  private static final int WARM_UP_VISITS = 200;
  private static final int MAX_WARM_UPS = 40;
  private static final int ONCE_BYTES = 8_192; // 10⁹ hits took 5,808 at most
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Option(names = "--control", description = "Route a kind that allocates.")
  private boolean control;

  @Option(
      names = "--visits",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Hits of each of 1,000 sessions by source address; a tenth by the other kinds."
          + " Default: ${DEFAULT-VALUE}.")
  private int visits = 1_000_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec command;

  private NoGarbage() {}

  /**
   * Measures and prints.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Options.command(new NoGarbage()).execute(args));
  }

  @Override
  public Integer call() {
    return control ? measure("sourceIpv6", visits) : all();
  }

  private int all() {
    int status = measure("sourceIp", visits);
    for (String kind : List.of("lbCookie", "appCookie", "header")) {
      status |= measure(kind, Math.max(1, visits / 10));
    }
    return status;
  }

  /** Returns 1 if hits of a kind allocate, or 0. */
  private int measure(String kind, int times) {
    BoundSessions bound = BoundSessions.by(kind, "compact", SESSIONS);
    warmUp(bound);
    long collectionsBefore = collections();
    long bytes = allocated(bound, times);
    long collections = collections() - collectionsBefore;
    command
        .commandLine()
        .getOut()
        .printf(
            "%s: %d hits, %d bytes, %d collections%n",
            kind, (long) times * SESSIONS, bytes, collections);
    return (bytes > ONCE_BYTES) ? 1 : 0;
  }

  /** Visits until the compiler is done, which takes longer on a busy machine. */
  private static void warmUp(BoundSessions bound) {
    int rounds = 0;
    long bytes;
    do {
      bytes = allocated(bound, WARM_UP_VISITS);
      rounds++;
    } while (bytes > 0 && rounds < MAX_WARM_UPS);
  }

  private static long allocated(BoundSessions bound, int visits) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < visits; i++) {
      bound.visit();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
