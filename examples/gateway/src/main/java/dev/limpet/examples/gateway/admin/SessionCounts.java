package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Affinity;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the live bindings in tables. A count scans its table, so it is kept for two seconds, for
 * all pages together. Safe for use by many threads at once.
 */
final class SessionCounts {
  private static final Duration KEPT = Duration.ofSeconds(2);

  private final LongSupplier nanos;
  private final Map<StickyTable, Counted> counts = new WeakHashMap<>();

  /** Makes counts by a clock in nanoseconds. */
  SessionCounts(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A count of a table's bindings by the names of backends. */
  private record Counted(long at, Map<String, Long> byName) {}

  /** Returns the tables of routers, each once. */
  static Set<StickyTable> tables(Collection<StickyRouter<?>> routers) {
    Set<StickyTable> tables = Collections.newSetFromMap(new IdentityHashMap<>());
    for (StickyRouter<?> router : routers) {
      for (Affinity<?> part : router.affinity().parts()) {
        StickyTable table = part.table();
        if (table != null) {
          tables.add(table);
        }
      }
    }
    return tables;
  }

  /** Returns the number of bindings in tables; null if no table can count them. */
  @Nullable
  Long total(Set<StickyTable> tables) {
    Long total = null;
    for (StickyTable table : tables) {
      Map<String, Long> byName = of(table);
      if (byName != null) {
        long bindings = byName.values().stream().mapToLong(Long::longValue).sum();
        total = ((total == null) ? 0 : total) + bindings;
      }
    }
    return total;
  }

  /** Returns the number of bindings of a backend in tables; null if no table can count them. */
  @Nullable
  Long ofBackend(Set<StickyTable> tables, String name) {
    Long total = null;
    for (StickyTable table : tables) {
      Map<String, Long> byName = of(table);
      if (byName != null) {
        total = ((total == null) ? 0 : total) + byName.getOrDefault(name, 0L);
      }
    }
    return total;
  }

  /** Returns the number of bindings for which tables have slots; null if that is unknown. */
  static @Nullable Long capacity(Set<StickyTable> tables) {
    long capacity = tables.stream().mapToLong(StickyTable::capacity).sum();
    return (capacity == 0) ? null : capacity;
  }

  private synchronized @Nullable Map<String, Long> of(StickyTable table) {
    Counted known = counts.get(table);
    long now = nanos.getAsLong();
    if (known != null && now - known.at() < KEPT.toNanos()) {
      return known.byName();
    }
    Map<String, Long> byName = table.bindings();
    if (byName != null) {
      counts.put(table, new Counted(now, Map.copyOf(byName)));
    }
    return byName;
  }
}
