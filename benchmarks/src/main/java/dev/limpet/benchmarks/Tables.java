package dev.limpet.benchmarks;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;

/** The sticky tables that benchmarks know by name. */
final class Tables {
  private static final int MIN_CAPACITY = 1024;

  private Tables() {}

  /**
   * {@return an empty table that a number of sessions fills to three quarters; a handful of
   * sessions less}
   *
   * @param table {@code compact} or {@code caffeine}
   * @param session how sessions stick
   * @param sessions how many there will be
   * @param clock the time
   */
  static StickyTable of(String table, StickySession session, int sessions, NanoClock clock) {
    long capacity = capacity(sessions);
    return switch (table) {
      case "compact" -> CompactStickyTable.of(session, capacity, clock);
      case "caffeine" -> CaffeineStickyTable.of(session, capacity, clock);
      default ->
        throw new IllegalArgumentException(
            "table: " + table + " (expected: one of [compact, caffeine])");
    };
  }

  /** {@return how many places a table has that a number of sessions fills to three quarters} */
  static long capacity(int sessions) {
    return Math.max(MIN_CAPACITY, (4L * sessions + 2) / 3);
  }
}
