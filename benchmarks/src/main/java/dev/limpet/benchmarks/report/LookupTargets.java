package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The targets for the time of lookups and of routing a bound session.
 *
 * @param jmh the results of one JDK
 * @param jdk its version
 */
record LookupTargets(Selection jmh, String jdk) {
  private static final String INDEPENDENT = "independent";
  private static final String DEPENDENT = "dependent";
  private static final int MILLION = 1_000_000;

  List<Verdict> verdicts() {
    return List.of(
        againstCaffeine(INDEPENDENT, MILLION, 6),
        againstCaffeine(DEPENDENT, 100_000, 8),
        againstCaffeine(DEPENDENT, MILLION, 3),
        againstCaffeine(DEPENDENT, 10 * MILLION, 5),
        overFloor(INDEPENDENT),
        overFloor(DEPENDENT),
        routeOverLookup());
  }

  /** Returns the lookups of a table by one thread. */
  private Selection lookups(String table, String access) {
    return jmh.of("TableLookupBenchmark")
        .with("table", table)
        .with("access", access)
        .with(Measurement.THREADS, 1);
  }

  private Verdict againstCaffeine(String access, int sessions, int times) {
    OptionalDouble ratio = Numbers.ratio(
        lookups("rawCaffeine", access).with("sessions", sessions).nanos(),
        lookups("compact", access).with("sessions", sessions).nanos());
    String claim =
        access + " lookups at " + Numbers.shown(sessions) + " sessions, rawCaffeine / compact";
    return Verdict.atLeast(jdk, claim, ratio, times, "×");
  }

  private Verdict overFloor(String access) {
    OptionalDouble more = Numbers.difference(
        lookups("compact", access).with("sessions", 10 * MILLION).nanos(),
        lookups("memoryFloor", access).with("sessions", 10 * MILLION).nanos());
    String claim = access + " lookups at 10,000,000 sessions, compact − memoryFloor";
    return Verdict.atMost(jdk, claim, more, 60, " ns");
  }

  /** Compares measurements with the same number of sessions, and takes the greatest difference. */
  private Verdict routeOverLookup() {
    Selection routes = RouteTargets.routes(jmh)
        .with("affinity", "sourceIp")
        .with("jvm", "clean")
        .with(Measurement.METHOD, "manySessions")
        .with(Measurement.THREADS, 1);
    Stream<OptionalDouble> more = routes.values("sessions").stream()
        .map(sessions -> Numbers.difference(
            routes.with("sessions", sessions).nanos(),
            lookups("compact", INDEPENDENT).with("sessions", sessions).nanos()));
    OptionalDouble most = more.flatMapToDouble(OptionalDouble::stream).max();
    return Verdict.atMost(
        jdk, "source-IP route hit − a lookup in a table of as many sessions,", most, 60, " ns");
  }
}
