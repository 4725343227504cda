package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.RouterStats;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Numbers of requests.
 *
 * @param outcomes those with an outcome, for each outcome that occurred
 * @param reasons those with an outcome and a reason, for each pair that occurred
 */
record OutcomeCounts(Map<Outcome, Long> outcomes, Map<Outcome, Map<Reason, Long>> reasons) {

  /** Returns the numbers of a router. */
  static OutcomeCounts of(RouterStats stats) {
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    Map<Outcome, Map<Reason, Long>> reasons = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      if (stats.count(outcome) > 0) {
        outcomes.put(outcome, stats.count(outcome));
        reasons.put(outcome, reasons(stats, outcome));
      }
    }
    return new OutcomeCounts(outcomes, reasons);
  }

  private static Map<Reason, Long> reasons(RouterStats stats, Outcome outcome) {
    Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      if (stats.count(outcome, reason) > 0) {
        counts.put(reason, stats.count(outcome, reason));
      }
    }
    return counts;
  }

  /** Returns the number of all requests. */
  long total() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the number of requests with an outcome. */
  long of(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Returns the number of requests with an outcome and a reason. */
  long of(Outcome outcome, Reason reason) {
    return reasons.getOrDefault(outcome, Map.of()).getOrDefault(reason, 0L);
  }

  /** Returns the number of requests with one of some reasons. */
  long of(Set<Reason> anyOf) {
    return reasons.keySet().stream()
        .mapToLong(
            outcome -> anyOf.stream().mapToLong(reason -> of(outcome, reason)).sum())
        .sum();
  }

  /** Returns the numbers of the requests since earlier numbers; none is below 0. */
  OutcomeCounts since(OutcomeCounts before) {
    Map<Outcome, Long> more = new EnumMap<>(Outcome.class);
    Map<Outcome, Map<Reason, Long>> moreReasons = new EnumMap<>(Outcome.class);
    for (Outcome outcome : outcomes.keySet()) {
      more.put(outcome, Math.max(0, of(outcome) - before.of(outcome)));
      Map<Reason, Long> counts = new EnumMap<>(Reason.class);
      for (Reason reason : EnumSet.allOf(Reason.class)) {
        counts.put(reason, Math.max(0, of(outcome, reason) - before.of(outcome, reason)));
      }
      moreReasons.put(outcome, counts);
    }
    return new OutcomeCounts(more, moreReasons);
  }
}
