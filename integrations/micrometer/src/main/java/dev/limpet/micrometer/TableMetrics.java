package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.limpet.core.Affinity;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.SaveableTable;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the sessions in the table of a router's affinity: {@code limpet.table.bindings}, {@code
 * limpet.table.capacity}, and {@code limpet.backend.bindings} for each backend as {@link
 * PoolMetrics} has them; {@code other} includes bindings to backends that have left the pool. There
 * are no such meters for what is unknown: if the affinity has no table, if the table does not
 * {@linkplain StickyTable#bindings() count bindings}, or if it has no {@linkplain
 * StickyTable#capacity capacity}. Of a shared table, only the sessions that this process knows are
 * counted.
 *
 * <p>Each scrape scans the table once, which takes some milliseconds per million slots; numbers may
 * be a second old. If several routers share a table, bind the metrics of one of them only; {@link
 * LimpetMetrics} does so.
 *
 * <p>Meters refer weakly to the router, as those of {@link RouterMetrics} do. Safe for use by many
 * threads at once.
 */
public final class TableMetrics extends LimpetBinder {
  private final StickyRouter<?> router;
  private final String name;
  private final int affinity;
  private final int maxBackends;

  private TableMetrics(StickyRouter<?> router, String name, int affinity, int maxBackends) {
    this.router = router;
    this.name = name;
    this.affinity = affinity;
    this.maxBackends = maxBackends;
  }

  /**
   * {@return metrics of the table of a router that has the name of its pool}
   *
   * @param router the router; of a chain of affinities, the first one
   */
  public static TableMetrics of(StickyRouter<?> router) {
    return of(router, router.pool().name(), 0, PoolMetrics.DEFAULT_MAX_BACKENDS);
  }

  /**
   * {@return metrics of a table of a router}
   *
   * @param router the router
   * @param name the value of the tag {@code router}
   * @param affinity the position of the affinity in its {@linkplain Affinity#orElse chain}, and the
   *     value of the tag {@code affinity}; 0 without a chain
   * @param maxBackends the number of backends that have meters of their own
   * @throws IllegalArgumentException if a number is out of range
   */
  public static TableMetrics of(
      StickyRouter<?> router, String name, int affinity, int maxBackends) {
    int positions = router.affinity().parts().size();
    if (affinity < 0 || affinity >= positions) {
      throw new IllegalArgumentException(
          "affinity: " + affinity + " (expected: 0.." + (positions - 1) + ")");
    }
    return new TableMetrics(
        router, requireNonNull(name, "name"), affinity, PoolMetrics.checkedMax(maxBackends));
  }

  @Override
  Tags tags() {
    return RouterMetrics.tags(router, name).and(TagValues.AFFINITY, String.valueOf(affinity));
  }

  @Override
  LimpetMeter first() {
    StickyTable table = table(router, affinity);
    return (table != null && table.capacity() > 0)
        ? LimpetMeter.TABLE_CAPACITY
        : LimpetMeter.TABLE_BINDINGS;
  }

  @Override
  Runnable register(Meters meters) {
    int position = affinity;
    StickyTable table = table(router, position);
    if (table == null) {
      return () -> {};
    }
    if (table.capacity() > 0) {
      meters.gauge(
          LimpetMeter.TABLE_CAPACITY, router, read -> present(read, position).capacity());
    }
    if (table instanceof SaveableTable) {
      meters.count(LimpetMeter.REFUSED_NAMES, router, read -> refusedNames(read, position));
    }
    return (table.bindings() == null) ? () -> {} : registerBindings(meters);
  }

  private Runnable registerBindings(Meters meters) {
    int position = affinity;
    BindingCounts counts = new BindingCounts(meters.clock());
    meters.gauge(LimpetMeter.TABLE_BINDINGS, router, read -> sum(counted(read, position, counts)));
    BackendMeters<StickyRouter<?>> backends = new BackendMeters<>(
        meters,
        maxBackends,
        StickyRouter::pool,
        (all, own, read, id) -> own.gauge(
            LimpetMeter.BACKEND_BINDINGS,
            read,
            now -> bindings(all.follow(now), id, counted(now, position, counts))));
    backends.begin(router);
    return () -> backends.follow(router);
  }

  private static double bindings(BackendMeters.View backends, String id, Map<String, Long> counts) {
    if (!id.equals(BackendMeters.OTHER)) {
      String name = backends.names().get(id);
      return (name == null) ? 0 : counts.getOrDefault(name, 0L);
    }
    double sum = sum(counts);
    for (String own : backends.own()) {
      sum -= counts.getOrDefault(own, 0L);
    }
    return sum;
  }

  private static Map<String, Long> counted(
      StickyRouter<?> router, int affinity, BindingCounts counts) {
    return requireNonNullElse(counts.of(present(router, affinity)), Map.of());
  }

  private static double sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double refusedNames(StickyRouter<?> router, int affinity) {
    return (table(router, affinity) instanceof SaveableTable saveable)
        ? saveable.refusedNames()
        : 0;
  }

  private static StickyTable present(StickyRouter<?> router, int affinity) {
    return requireNonNull(table(router, affinity), "table");
  }

  /** {@return the table of an affinity of a router's chain, or null} */
  private static @Nullable StickyTable table(StickyRouter<?> router, int affinity) {
    return router.affinity().parts().get(affinity).table();
  }
}
