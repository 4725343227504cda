package dev.limpet.examples.embedding;

import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.StickyTableContract;
import org.jspecify.annotations.Nullable;

/** The example of {@code docs/tables.md} for a table that is left out. */
final class TableContractExamples {
  /** A table. */
  record MyStickyTable(StickySession session, long size, NanoClock clock) implements StickyTable {
    @Override
    public @Nullable String lookup(long key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String peek(long key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean wantsHash(long key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean unbind(long key, String expected) {
      throw new UnsupportedOperationException();
    }
  }

  static class MyStickyTableTest extends StickyTableContract {
    @Override
    protected StickyTable newTable(StickySession session, long capacity, NanoClock clock) {
      return new MyStickyTable(session, capacity, clock);
    }
  }
}
