package dev.limpet.benchmarks;

import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.l4.SourceIpAffinity;
import java.net.InetAddress;
import java.util.SplittableRandom;
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
 * What does a new session cost? Sessions are random, and each comes only once. In the benchmarks
 * that bind, the table's clock advances so that each new session lets an old one expire, and the
 * load stays at 75 %. Freeing the slots of expired sessions is part of the cost. In the benchmarks
 * of a full table, the clock is the system's, and nothing expires. Addresses are made within the
 * measured operation, as an accept makes them.
 *
 * <pre>java -jar benchmarks.jar BindBenchmark -prof gc -t 1   # and -t 2</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BindBenchmark {
  private static final String NAME = "web0";
  private static final int FILLING = 4;
  private static final int SEED = 42;

  /** The table. */
  @Param({"compact", "caffeine"})
  String table = "compact";

  /** The number of sessions that fill the table to 75 %. */
  @Param("1000000")
  int sessions = 1_000_000;

  /** Binds a key in a table with a load of 75 %. */
  @Benchmark
  public Bound bindNew(Arrivals arrivals, Newcomers newcomers) {
    newcomers.arrive(arrivals.clock);
    Bound bound = arrivals.table.bind(newcomers.nextKey(), null, NAME, true);
    newcomers.expect(bound.status() == Bound.Status.STORED);
    return bound;
  }

  /** Tries to bind a key in a full table. */
  @Benchmark
  public Bound bindFull(Flood flood, Newcomers newcomers) {
    Bound bound = flood.table.bind(newcomers.nextKey(), null, NAME, true);
    newcomers.expect(bound.status() == Bound.Status.FULL);
    return bound;
  }

  /** Routes a connection from an address, with a table with a load of 75 %. */
  @Benchmark
  public Route routeNew(Arrivals arrivals, Newcomers newcomers) {
    newcomers.arrive(arrivals.clock);
    Route route = arrivals.router.route(newcomers.nextAddress());
    newcomers.expect(route.outcome() == Outcome.NEW);
    return route;
  }

  /** Routes a connection from an address, with a full table. */
  @Benchmark
  public Route routeFlood(Flood flood, Newcomers newcomers) {
    Route route = flood.router.route(newcomers.nextAddress());
    newcomers.expect(route.outcome() == Outcome.HASHED);
    return route;
  }

  private StickyTable empty(NanoClock clock) {
    return Tables.of(table, StickySession.sourceIp(), sessions, clock);
  }

  private static StickyRouter<InetAddress> router(StickyTable table) {
    Pool pool = Pool.builder("web").backends(Backends.equal(10)).build();
    return StickyRouter.of(
        pool,
        SourceIpAffinity.<InetAddress>builder(address -> address)
            .session(StickySession.sourceIp())
            .table((session, environment) -> table)
            .build());
  }

  /** A table in which sessions begin and expire. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // by fill
  public static class Arrivals {
    ArrivalClock clock;
    StickyTable table;
    StickyRouter<InetAddress> router;

    /** Lets sessions arrive until as many expire as begin. */
    @Setup
    public void fill(BindBenchmark benchmark) {
      SplittableRandom keys = new SplittableRandom(SEED);
      clock = new ArrivalClock(StickySession.sourceIp(), benchmark.sessions);
      table = benchmark.empty(clock);
      router = router(table);
      for (int i = 0; i < benchmark.sessions; i++) {
        table.bind(keys.nextLong(), null, NAME, true);
        clock.arrived(1);
      }
    }
  }

  /** A table without a free slot. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // by fill
  public static class Flood {
    StickyTable table;
    StickyRouter<InetAddress> router;

    /** Binds far more sessions than there are slots. */
    @Setup
    public void fill(BindBenchmark benchmark) {
      SplittableRandom keys = new SplittableRandom(SEED);
      table = benchmark.empty(NanoClock.system());
      router = router(table);
      for (long i = FILLING * Tables.capacity(benchmark.sessions); i > 0; i--) {
        table.bind(keys.nextLong(), null, NAME, true);
      }
    }
  }
}
