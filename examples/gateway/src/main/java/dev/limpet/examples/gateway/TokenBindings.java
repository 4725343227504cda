package dev.limpet.examples.gateway;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bindings that tokens of earlier types have made in a table, and makes no more once
 * they could fill half of it. So new sessions find room, however many session ids a client with one
 * token invents. Safe for use by many threads at once.
 */
final class TokenBindings {
  private static final int PARTS = 2;

  private final AtomicLong made = new AtomicLong();

  /**
   * Binds an unbound key, if tokens may still bind one.
   *
   * @param table the table; always the same
   */
  Bound bind(StickyTable table, long key, String name) {
    if (made.get() >= most(table)) {
      return Bound.NOT_KEPT;
    }
    Bound bound = table.bind(key, null, name, true);
    if (bound.status() == Bound.Status.STORED) {
      made.incrementAndGet();
    }
    return bound;
  }

  /** A shared table does not say how much its store takes. */
  private static long most(StickyTable table) {
    long capacity = (table.capacity() > 0) ? table.capacity() : KeyAffinity.DEFAULT_CAPACITY;
    return Math.max(1, capacity / PARTS);
  }
}
