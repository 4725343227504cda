package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Affinity;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.Running.Served;
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
 * Counts the live bindings in tables. A count scans its table, so it is kept for all pages
 * together: for two seconds, or for 50 times what the scan took if that is longer. So scans take
 * 2 % of a core at most. Safe for use by many threads at once.
 */
final class SessionCounts {
  private static final Duration KEPT = Duration.ofSeconds(2);
  private static final int KEPT_PER_SCAN = 50;

  private final LongSupplier nanos;
  private final Map<StickyTable, TableCount> counts = new WeakHashMap<>();

  /** Makes counts by a clock in nanoseconds. */
  SessionCounts(LongSupplier nanos) {
    this.nanos = nanos;
  }

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

  /** Counts the tables of all listeners whose counts are too old. May scan tables. */
  void refresh(Running running) {
    refresh(tables(running.listeners().values().stream()
        .<StickyRouter<?>>map(Served::router)
        .toList()));
  }

  /** Counts the tables whose counts are too old. May scan tables. */
  void refresh(Set<StickyTable> tables) {
    tables.forEach(table -> countOf(table).refresh(table));
  }

  /**
   * Returns the number of bindings in tables; null if no table can count them. Scans only tables
   * that were never counted.
   */
  @Nullable
  Long total(Set<StickyTable> tables) {
    Long total = null;
    for (StickyTable table : tables) {
      Map<String, Long> byName = countOf(table).byName(table);
      if (byName != null) {
        long bindings = byName.values().stream().mapToLong(Long::longValue).sum();
        total = ((total == null) ? 0 : total) + bindings;
      }
    }
    return total;
  }

  /**
   * Returns the number of bindings of a backend in tables; null if no table can count them. Scans
   * only tables that were never counted.
   */
  @Nullable
  Long ofBackend(Set<StickyTable> tables, String name) {
    Long total = null;
    for (StickyTable table : tables) {
      Map<String, Long> byName = countOf(table).byName(table);
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

  private synchronized TableCount countOf(StickyTable table) {
    return counts.computeIfAbsent(table, unseen -> new TableCount(nanos));
  }

  /**
   * The last count of a table, to which it has no reference. Only one thread at a time scans the
   * table, and readers do not wait for it.
   */
  private static final class TableCount {
    private final LongSupplier nanos;
    private volatile @Nullable Counted last;

    TableCount(LongSupplier nanos) {
      this.nanos = nanos;
    }

    @Nullable
    Map<String, Long> byName(StickyTable table) {
      Counted known = last;
      return ((known != null) ? known : refresh(table)).byName();
    }

    synchronized Counted refresh(StickyTable table) {
      Counted known = last;
      long now = nanos.getAsLong();
      if (known != null && now - known.until() < 0) {
        return known;
      }
      Map<String, Long> byName = table.bindings();
      long took = nanos.getAsLong() - now;
      long kept = Math.max(KEPT.toNanos(), KEPT_PER_SCAN * took);
      Counted counted =
          new Counted((byName == null) ? null : Map.copyOf(byName), now + took + kept);
      last = counted;
      return counted;
    }
  }

  /**
   * A count of a table's bindings.
   *
   * @param byName the bindings by the names of backends; null if the table does not count them
   * @param until the time of the clock at which it is too old
   */
  private record Counted(@Nullable Map<String, Long> byName, long until) {}
}
