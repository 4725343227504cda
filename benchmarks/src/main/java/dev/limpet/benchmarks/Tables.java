package dev.limpet.benchmarks;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;

/** The sticky tables that benchmarks refer to by name. */
final class Tables {
  private static final int MIN_CAPACITY = 1024;

  private Tables() {}

  /**
   * {@return an empty table that this number of sessions fills to 75 %, or slightly less if they
   * are only a few}
   *
   * @param table {@code compact} or {@code caffeine}
   * @param session how sessions stick
   * @param sessions the number of sessions to come
   * @param clock the clock
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

  /** {@return the number of slots of a table that a number of sessions fills to 75 %} */
  static long capacity(int sessions) {
    return Math.max(MIN_CAPACITY, (4L * sessions + 2) / 3);
  }
}
