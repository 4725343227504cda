package dev.limpet.l7;

import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CompactStickyTable;

/** The kind of table that can be saved. */
final class SavedTable {
  private SavedTable() {}

  static CompactStickyTable of(StickyTable table) {
    if (table instanceof CompactStickyTable compact) {
      return compact;
    }
    throw new UnsupportedOperationException(
        "table: " + table.getClass().getName() + " (expected: a CompactStickyTable)");
  }
}
