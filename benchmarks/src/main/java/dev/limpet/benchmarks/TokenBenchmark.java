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
 * What does it cost to route a request whose LB cookie has not been verified recently? The sessions
 * are visited in a fixed order, and there are so many that the router has forgotten a token by the
 * time it comes again. Their cookies have also left the processor's caches, where a cookie that was
 * just received would be. So the measured time is slightly too high, but the allocated bytes are
 * exact.
 *
 * <pre>java -jar benchmarks.jar TokenBenchmark -prof gc -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {

  /** The number of sessions. */
  @Param("1000000")
  int sessions = 1_000_000;

  @SuppressWarnings("NullAway.Init") // by bind
  private StickyRouter<Request> router;

  @SuppressWarnings("NullAway.Init") // by bind
  private Request[] requests;

  /** Gives each session its cookie. */
  @Setup
  public void bind() {
    BoundSessions bound = BoundSessions.by("lbCookie", "compact", sessions);
    router = bound.router();
    requests = bound.requests();
  }

  /** Routes a request of the next session. */
  @Benchmark
  public Route unverified(Cursor cursor) {
    int session = cursor.next;
    cursor.next = (session + 1 == sessions) ? 0 : session + 1;
    return router.route(requests[session]);
  }

  /** The position of a thread in the order of sessions; threads begin far from each other. */
  @State(Scope.Thread)
  public static class Cursor {
    int next;

    /** Moves to the thread's first session. */
    @Setup
    public void begin(TokenBenchmark benchmark, ThreadParams thread) {
      next = (int) ((long) benchmark.sessions * thread.getThreadIndex() / thread.getThreadCount());
    }
  }
}
