package dev.limpet.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What does it cost to find a bound session, including the hash of its key? Sessions identified by
 * an IPv4 address are looked up at random. All lookups are hits.
 *
 * <ul>
 * <li>{@code compact} and {@code caffeine} are this library's tables with a load of 75 %, SipHash
 *     keys and sliding durations.
 * <li>{@code rawCaffeine} is Caffeine with {@code maximumSize} and {@code expireAfterAccess}, and
 *     {@code rawChm} a {@code ConcurrentHashMap}, which forgets nothing. Their keys are the
 *     addresses as {@code Integer}, boxed at each lookup. These are cheaper to hash, to compare and
 *     to store than the {@code InetAddress} or {@code String} that most users would choose.
 * <li>{@code memoryFloor} reads one word of an array that is as long as the compact table has
 *     slots.
 * </ul>
 *
 * <pre>java -jar benchmarks.jar TableLookupBenchmark -prof gc -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms6g", "-Xmx6g", "-Xmn64m"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TableLookupBenchmark {

  /** The table. */
  @Param({"compact", "caffeine", "rawCaffeine", "rawChm", "memoryFloor"})
  String table = "compact";

  /** The number of sessions. */
  @Param({"1000", "100000", "1000000", "10000000"})
  int sessions = 1000;

  /** Whether a lookup may begin before the previous one is done; dependent ones may not. */
  @Param({"independent", "dependent"})
  String access = "independent";

  @SuppressWarnings("NullAway.Init") // by fill
  private VisitedTable visited;

  /** Binds the sessions, and looks up each of them. */
  @Setup
  public void fill() {
    visited = VisitedTable.of(table, sessions);
  }

  /** Looks up a random session. */
  @Benchmark
  public int lookup(Visitor visitor) {
    return visitor.visit(visited);
  }

  /** Visits sessions at random, different ones in each thread. */
  @State(Scope.Thread)
  public static class Visitor {
    private static final long MULTIPLIER = 6_364_136_223_846_793_005L;
    private static final long INCREMENT = 1_442_695_040_888_963_407L;

    private long random;
    private int sessions;
    private boolean dependent;

    /** Chooses the order. */
    @Setup
    public void begin(TableLookupBenchmark benchmark, ThreadParams thread) {
      begin(benchmark.sessions, benchmark.access, thread.getThreadIndex());
    }

    void begin(int sessions, String access, int thread) {
      this.sessions = sessions;
      random = thread * INCREMENT;
      dependent = switch (access) {
        case "independent" -> false;
        case "dependent" -> true;
        default ->
          throw new IllegalArgumentException(
              "access: " + access + " (expected: one of [independent, dependent])");
      };
    }

    int visit(VisitedTable table) {
      random = random * MULTIPLIER + INCREMENT;
      int session = (int) (((random >>> 32) * sessions) >>> 32);
      int zero = table.visit(VisitedTable.address(session));
      if (dependent) {
        random += zero;
      }
      return zero;
    }
  }
}
