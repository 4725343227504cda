package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Results.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The targets against peers: a decision of this library is faster than that of every peer that
 * keeps sessions in place when another backend leaves.
 *
 * @param results all results
 * @param jdk the JDK whose times are compared
 */
record PeerTargets(Results results, String jdk) {
  /** The name of this library among the peers. */
  static final String OURS = "limpet";

  private static final double ALL = 99.95;

  List<Verdict> verdicts() {
    Set<String> keepers = keepers(results);
    Selection times =
        results.jmh().of("PeerBenchmark").with(Measurement.JDK, jdk).with(Measurement.THREADS, 1);
    List<Verdict> verdicts = new ArrayList<>();
    for (String peer : times.values("peer")) {
      if (keepers.contains(peer) && !peer.equals(OURS)) {
        times
            .with("peer", peer)
            .values("backends")
            .forEach(n -> verdicts.add(faster(times.with("backends", n), peer, n)));
      }
    }
    return verdicts.isEmpty() ? List.of(unknown()) : verdicts;
  }

  /** Returns the peers that keep sessions in place when another backend leaves. */
  static Set<String> keepers(Results results) {
    return results.rows(Kind.PEER_CHANGES).stream()
        .filter(row -> row.at("leaves").node().asDouble() >= ALL)
        .map(row -> row.at("peer").text())
        .collect(Collectors.toSet());
  }

  private Verdict faster(Selection times, String peer, String backends) {
    OptionalDouble ratio =
        Numbers.ratio(times.with("peer", OURS).nanos(), times.with("peer", peer).nanos());
    String claim = "decision among " + backends + " backends, limpet / " + peer;
    return Verdict.below(jdk, claim, ratio, 1, "×");
  }

  private Verdict unknown() {
    String claim = "decision, limpet / each peer that keeps sessions when another backend leaves,";
    return Verdict.below(jdk, claim, OptionalDouble.empty(), 1, "×");
  }
}
