package dev.limpet.l7;

import dev.limpet.core.CompactStickyTable;
import dev.limpet.core.StickyTable;

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
