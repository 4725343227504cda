package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The targets for picks, binds and changes of a pool, and for two threads against one.
 *
 * @param jmh the results of one JDK
 * @param jdk its version
 */
record ChangeTargets(Selection jmh, String jdk) {
  private static final double NANOS_PER_MILLI = 1e6;

  List<Verdict> verdicts() {
    return List.of(
        hitScaling(), pickContention(), pickTime(), newSessionScaling(), bindTime(), poolChange());
  }

  /** Returns the throughput of two threads relative to that of one. */
  private static OptionalDouble scaling(Selection work) {
    OptionalDouble slower = Numbers.ratio(
        work.with(Measurement.THREADS, 1).nanos(),
        work.with(Measurement.THREADS, 2).nanos());
    return slower.isEmpty() ? slower : OptionalDouble.of(2 * slower.getAsDouble());
  }

  private Verdict hitScaling() {
    Selection hits = jmh.of("TableLookupBenchmark")
        .with("table", "compact")
        .with("sessions", 1_000_000)
        .with("access", "independent");
    Selection control = jmh.only(m -> m.benchmark().startsWith("ScalingControl"));
    return Verdict.atLeast(
        jdk,
        "two threads: scaling of independent lookups at 1,000,000 sessions"
            + " / that of a pure computation,",
        Numbers.ratio(scaling(hits), scaling(control)),
        0.9,
        "×");
  }

  private Selection picks() {
    return jmh.of("PickBenchmark").with("balancer", "weighted-round-robin");
  }

  private Verdict pickContention() {
    OptionalDouble most = picks().values("backends").stream()
        .map(backends -> picks().with("backends", backends))
        .map(picks -> Numbers.ratio(
            picks.with(Measurement.THREADS, 2).nanos(),
            picks.with(Measurement.THREADS, 1).nanos()))
        .flatMapToDouble(OptionalDouble::stream)
        .max();
    return Verdict.atMost(
        jdk, "weighted round robin, a pick from two threads / from one,", most, 3, "×");
  }

  private Verdict pickTime() {
    OptionalDouble most =
        picks().all().stream().mapToDouble(m -> m.nanos().median()).max();
    return Verdict.atMost(jdk, "weighted round robin, any pick", most, 60, " ns");
  }

  private Selection binds(String method) {
    return jmh.of("BindBenchmark")
        .with(Measurement.METHOD, method)
        .only(m -> m.value("table").isEmpty() || m.value("table").equals("compact"));
  }

  private Verdict newSessionScaling() {
    return Verdict.atLeast(
        jdk, "two threads: scaling of routing new sessions,", scaling(binds("routeNew")), 1.4, "×");
  }

  private Verdict bindTime() {
    OptionalDouble nanos = binds("bindNew").with(Measurement.THREADS, 1).nanos();
    return Verdict.atMost(jdk, "bind of a new session at 1,000,000 sessions", nanos, 500, " ns");
  }

  private Verdict poolChange() {
    OptionalDouble nanos = jmh.of("PoolChangeBenchmark")
        .with("backends", 1000)
        .with(Measurement.THREADS, 1)
        .nanos();
    return Verdict.atMost(
        jdk,
        "change of a pool of 1,000 backends of random weights",
        Numbers.ratio(nanos, OptionalDouble.of(NANOS_PER_MILLI)),
        5,
        " ms");
  }
}
