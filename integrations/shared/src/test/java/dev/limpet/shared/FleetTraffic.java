package dev.limpet.shared;

import java.time.Duration;
import java.util.Locale;

/**
 * What a fleet asks its store while all is well. Immutable.
 *
 * @param scale the fleet
 * @param traffic what the store was asked after it had settled
 * @param requests for how many requests
 */
record FleetTraffic(FleetScale scale, ModelTraffic traffic, long requests) {
  private static final int SETTLING = 3;

  static final String HEAD =
      "| proxies per session | it lasts | calls per request | new | found | renewed |\n"
          + "|---|---|---|---|---|---|";

  /** {@return the traffic of some three sessions in each place} */
  static FleetTraffic measure(FleetScale scale, long seed) {
    FleetSimulation fleet = new FleetSimulation(scale, seed);
    Duration lives = scale.gap().multipliedBy((long) scale.requestsPerSession() * SETTLING);
    fleet.phase("settling", lives, () -> {});
    PhaseFigures figures = fleet.phase("all well", lives, () -> {});
    return new FleetTraffic(scale, figures.traffic(), figures.requests());
  }

  double callsPerRequest() {
    return (double) traffic.calls() / requests;
  }

  /** {@return a row of a table} */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %d | %,d s | %.3f | %.3f | %.3f | %.3f |",
        scale.met(),
        scale.gap().multipliedBy(scale.requestsPerSession()).toSeconds(),
        callsPerRequest(),
        perRequest(ModelTraffic.Kind.BOUND),
        perRequest(ModelTraffic.Kind.FOUND),
        perRequest(ModelTraffic.Kind.RENEWED));
  }

  private double perRequest(ModelTraffic.Kind kind) {
    return (double) traffic.of(kind) / requests;
  }
}
