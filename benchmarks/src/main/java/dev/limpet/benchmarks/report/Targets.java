package dev.limpet.benchmarks.report;

import static dev.limpet.benchmarks.report.Target.atLeast;
import static dev.limpet.benchmarks.report.Target.atMost;
import static dev.limpet.benchmarks.report.Target.reported;

import java.util.List;
import java.util.stream.Stream;

/** What {@code check.sh} checks. */
final class Targets {
  /** How much worse than the accepted number a ratio of times may be, as a share of it. */
  private static final double SLACK = 0.25;

  /** Any number that meets its limit will do, because it differs between machines. */
  private static final double ANY = 1;

  private Targets() {}

  static List<Target> all() {
    return Stream.of(
            Stream.of("independent", "dependent").map(Targets::lookups),
            Stream.of(1_000, 100_000).map(Targets::coarseClock),
            routes()
                .flatMap(affinity ->
                    Stream.of("clean", "polluted").map(jvm -> allocation(affinity, jvm))),
            Stream.of("lbCookie", "appCookie").flatMap(Targets::exchanges),
            Stream.of(
                atLeast(
                    "scaling of new sessions ÷ of the computation", 0.85, SLACK, Targets::scaling),
                atMost(
                    "change of 1,000 backends ÷ the computation",
                    Double.POSITIVE_INFINITY,
                    SLACK,
                    Targets::poolChange),
                reported("pick, two threads ÷ one", Targets::contendedPick)))
        .flatMap(targets -> targets)
        .toList();
  }

  private static Stream<String> routes() {
    return Stream.of("sourceIp", "lbCookie", "appCookie", "header");
  }

  private static Target lookups(String access) {
    return atLeast(access + " lookups, rawCaffeine ÷ compact", 5, ANY, turn -> {
      Results lookups = lookups(turn, access, 1_000_000);
      return lookups.with("table", "rawCaffeine").nanos()
          / lookups.with("table", "compact").nanos();
    });
  }

  private static Target coarseClock(int sessions) {
    return atLeast(
        "coarse clock, " + sessions + " sessions: saved ÷ (20 ns or a quarter)", 1, ANY, turn -> {
          Results lookups = lookups(turn, "independent", sessions);
          double system = lookups.with("table", "compact").nanos();
          double saved = system - lookups.with("table", "coarse").nanos();
          return saved / Math.min(20, system / 4);
        });
  }

  private static Results lookups(Results turn, String access, int sessions) {
    return turn.of("LookupTurns").with("access", access).with("sessions", sessions);
  }

  private static Target allocation(String affinity, String jvm) {
    return atMost(
        affinity + " hit, " + jvm + " JVM, B",
        0,
        0,
        round -> Math.rint(round
            .of("RouteBenchmark")
            .with("affinity", affinity)
            .with("jvm", jvm)
            .bytes()));
  }

  private static Stream<Target> exchanges(String affinity) {
    return Stream.of(false, true)
        .map(counted -> atMost(
            affinity + " exchange" + (counted ? ", connections counted" : "") + ", B",
            Double.POSITIVE_INFINITY,
            0,
            round -> Math.rint(round
                .of("ExchangeBenchmark")
                .with(Result.METHOD, "exchange")
                .with("affinity", affinity)
                .with("counted", counted)
                .bytes())));
  }

  private static double scaling(Results round) {
    Results sessions = round.of("BindBenchmark").with(Result.METHOD, "routeNew");
    return twoThreads(computation(round)) / twoThreads(sessions);
  }

  private static double poolChange(Results round) {
    double change = round.of("PoolChangeBenchmark").with("backends", 1_000).nanos();
    return change / computation(round).with(Result.THREADS, 1).nanos();
  }

  private static double contendedPick(Results round) {
    return twoThreads(round.of("PickBenchmark").with("balancer", "weighted-round-robin"));
  }

  private static Results computation(Results round) {
    return round.of("ScalingControlBenchmark");
  }

  /** Returns the time of an operation with two threads, relative to that with one. */
  private static double twoThreads(Results work) {
    return work.with(Result.THREADS, 2).nanos() / work.with(Result.THREADS, 1).nanos();
  }
}
