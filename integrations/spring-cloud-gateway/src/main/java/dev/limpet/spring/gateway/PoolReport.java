package dev.limpet.spring.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.core.EjectionStats;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint shows of a pool.
 *
 * @param balancer how new sessions are spread
 * @param sessions the declared stickiness; null if absent
 * @param bindings the number of sessions in the table of this process; null if absent
 * @param capacity the number of sessions that the table takes; null if absent
 * @param requests the number of requests so far
 * @param outcomes the requests by their outcome, without those that did not occur
 * @param reroutes the number of failed connects
 * @param ejections the number of ejections
 * @param backends the backends
 */
record PoolReport(
    String balancer,
    @Nullable String sessions,
    @Nullable Long bindings,
    @Nullable Long capacity,
    long requests,
    Map<String, Long> outcomes,
    long reroutes,
    long ejections,
    List<BackendReport> backends) {

  static PoolReport of(StickyPool<?, ?> sticky) {
    Pool pool = sticky.pool();
    RouterStats stats = sticky.router().stats();
    EjectionStats ejections = pool.ejectionStats();
    StickySession session = sticky.affinity().session();
    CompactStickyTable table = table(sticky.affinity());
    return new PoolReport(
        pool.balancer().name(),
        (session == null) ? null : session.toString(),
        (table == null) ? null : table.size(),
        (table == null) ? null : table.capacity(),
        stats.requests(),
        outcomes(stats),
        stats.reroutes(),
        ejections.ejections(),
        pool.snapshot().members().stream()
            .map(member -> BackendReport.of(member, sticky.affinity().remaining(member.name())))
            .toList());
  }

  private static @Nullable CompactStickyTable table(Affinity<?> affinity) {
    return (affinity.table() instanceof CompactStickyTable table) ? table : null;
  }

  private static Map<String, Long> outcomes(RouterStats stats) {
    Map<String, Long> outcomes = new TreeMap<>();
    for (Outcome outcome : Outcome.values()) {
      long count = stats.count(outcome);
      if (count > 0) {
        outcomes.put(outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'), count);
      }
    }
    return outcomes;
  }
}
