package dev.limpet.shared;

import java.time.Duration;
import java.util.Locale;

/**
 * What a fleet did during a phase. Immutable.
 *
 * @param name what happened
 * @param sessions how many sessions began
 * @param requests how many requests were answered
 * @param failed how many of them had no backend
 * @param hashed how many of them went by hash, since the store did not answer
 * @param disagreements how many of them left their session's backend, though it could serve
 * @param lastDisagreement how long after the phase began there was one, or zero if there was none
 * @param traffic what the store was asked
 */
record PhaseFigures(
    String name,
    long sessions,
    long requests,
    long failed,
    long hashed,
    long disagreements,
    Duration lastDisagreement,
    ModelTraffic traffic) {

  static final String HEAD =
      "| phase | sessions begun | requests | without the store | disagreements | last after |"
          + " calls per request | new | found | renewed | moved | messages |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|---|";

  double callsPerRequest() {
    return (double) traffic.calls() / requests;
  }

  /** {@return a row of a table} */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,d | %,d | %,d | %.1f s | %.4f | %,d | %,d | %,d | %,d | %,d |",
        name,
        sessions,
        requests,
        hashed,
        disagreements,
        lastDisagreement.toMillis() / 1e3,
        callsPerRequest(),
        traffic.of(ModelTraffic.Kind.BOUND),
        traffic.of(ModelTraffic.Kind.FOUND),
        traffic.of(ModelTraffic.Kind.RENEWED),
        traffic.of(ModelTraffic.Kind.MOVED),
        traffic.of(ModelTraffic.Kind.MESSAGE));
  }
}
