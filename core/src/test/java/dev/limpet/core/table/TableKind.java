package dev.limpet.core.table;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.util.function.BiFunction;

/** The tables, and how full a table can be without refusing. */
public enum TableKind {
  COMPACT(0.7) {
    @Override
    public StickyTable of(StickySession session, long places, NanoClock clock) {
      return CompactStickyTable.of(session, places, clock);
    }
  },
  CAFFEINE(1) {
    @Override
    public StickyTable of(StickySession session, long places, NanoClock clock) {
      return CaffeineStickyTable.of(session, places, clock);
    }
  };

  public final double share;

  TableKind(double share) {
    this.share = share;
  }

  public abstract StickyTable of(StickySession session, long places, NanoClock clock);

  public BiFunction<NanoClock, Long, StickyTable> tables(StickySession session) {
    return (clock, places) -> of(session, places, clock);
  }
}
