package dev.limpet.benchmarks;

import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
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
 * What does it cost to route a request of a bound session? 65,536 sessions are visited in a fixed
 * order (cache misses), or one session only (contention). The tokens of LB cookies have been
 * verified before; {@link TokenBenchmark} measures tokens that have not.
 *
 * <pre>java -jar benchmarks.jar RouteBenchmark -prof gc -t 1   # and -t max</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteBenchmark {
  private static final int POLLUTING_VISITS = 10;

  /** The key of the sessions. */
  @Param({"sourceIp", "sourceIpv6", "lbCookie", "appCookie", "header"})
  String affinity = "sourceIp";

  /** The table of the bindings, {@code compact} or {@code caffeine}; LB cookies need no table. */
  @Param("compact")
  String table = "compact";

  /** Whether only this kind of affinity has run in the JVM, or every kind has run before. */
  @Param({"clean", "polluted"})
  String jvm = "clean";

  /** The number of sessions, a power of two. */
  @Param("65536")
  int sessions = 65_536;

  @SuppressWarnings("NullAway.Init") // by bind
  private StickyRouter<Request> router;

  @SuppressWarnings("NullAway.Init") // by bind
  private Request[] requests;

  /** Binds the sessions. */
  @Setup
  public void bind() {
    BoundSessions.checkVisited(sessions);
    if (jvm.equals("polluted")) {
      BoundSessions.KINDS.forEach(this::pollute);
    }
    BoundSessions bound = BoundSessions.by(affinity, table, sessions);
    router = bound.router();
    requests = bound.requests();
  }

  /** Routes a request of the next session. */
  @Benchmark
  public Route manySessions(Cursor cursor) {
    return router.route(requests[cursor.next++ & (sessions - 1)]);
  }

  /** Routes a request of the same session each time. */
  @Benchmark
  public Route oneSession() {
    return router.route(requests[0]);
  }

  private void pollute(String kind) {
    BoundSessions bound = BoundSessions.by(kind, table, sessions);
    for (int i = 0; i < POLLUTING_VISITS; i++) {
      bound.visit();
    }
  }

  /** The position of a thread in the order of sessions; threads begin far from each other. */
  @State(Scope.Thread)
  public static class Cursor {
    int next;

    /** Moves to the thread's first session. */
    @Setup
    public void begin(RouteBenchmark benchmark, ThreadParams thread) {
      next = (int) ((long) benchmark.sessions * thread.getThreadIndex() / thread.getThreadCount());
    }
  }
}
