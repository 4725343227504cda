package dev.limpet.benchmarks;

import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.shared.SharedTable;
import dev.limpet.shared.SharedTableBuilder;
import java.util.concurrent.CompletionStage;
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

/**
 * What does a shared table cost if this process knows the session? Sessions by source IP address
 * are visited in a fixed random order.
 *
 * <pre>java -jar benchmarks.jar SharedHitBenchmark -prof gc -t 1</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SharedHitBenchmark {
  private static final int BACKENDS = 10;

  /** Routes a request of the next session, with a table of this process only. */
  @Benchmark
  public Route local(Local local, Cursor cursor) {
    return local.router.route(local.requests[cursor.next(local.requests.length)]);
  }

  /** Routes a request of the next session, with a shared table. */
  @Benchmark
  public CompletionStage<Route> shared(Shared shared, Cursor cursor) {
    return shared.router.routeAsync(shared.requests[cursor.next(shared.requests.length)]);
  }

  /** Sessions bound in a compact table. */
  @State(Scope.Benchmark)
  public static class Local {
    /** The number of sessions. */
    @Param({"1000", "1000000"})
    int sessions = 1_000;

    @SuppressWarnings("NullAway.Init") // by bind
    private StickyRouter<Request> router;

    @SuppressWarnings("NullAway.Init") // by bind
    private Request[] requests;

    /** Binds the sessions. */
    @Setup
    public void bind() {
      BoundSessions bound = BoundSessions.by("sourceIp", "compact", sessions);
      router = bound.router();
      requests = bound.requests();
    }
  }

  /** The same sessions, bound in a shared table. */
  @State(Scope.Benchmark)
  public static class Shared {
    /** The number of sessions. */
    @Param({"1000", "1000000"})
    int sessions = 1_000;

    @SuppressWarnings("NullAway.Init") // by bind
    private StickyRouter<Request> router;

    @SuppressWarnings("NullAway.Init") // by bind
    private Request[] requests;

    /** Binds the sessions. */
    @Setup
    public void bind() {
      SharedTableBuilder table =
          SharedTable.builder(new AgreeingStore()).capacity(Tables.capacity(sessions));
      Pool pool = Pool.builder("web").backends(Backends.equal(BACKENDS)).build();
      router = StickyRouter.of(
          pool, SourceIpAffinity.builder(Request::address).table(table::build).build());
      requests = BoundSessions.by("sourceIp", "compact", sessions).requests();
      for (Request request : requests) {
        router.routeAsync(request).toCompletableFuture().join();
      }
    }
  }

  /** The position of a thread in the order of sessions. */
  @State(Scope.Thread)
  public static class Cursor {
    private int next;

    int next(int sessions) {
      next = (next + 1 < sessions) ? next + 1 : 0;
      return next;
    }
  }
}
