package dev.limpet.core;

import java.util.function.BiFunction;

/** The tables, and how full a table can be without refusing. */
enum TableKind {
  COMPACT(0.7) {
    @Override
    StickyTable of(StickySession session, long places, NanoClock clock) {
      return CompactStickyTable.of(session, places, clock);
    }
  },
  CAFFEINE(1) {
    @Override
    StickyTable of(StickySession session, long places, NanoClock clock) {
      return CaffeineStickyTable.of(session, places, clock);
    }
  };

  final double share;

  TableKind(double share) {
    this.share = share;
  }

  abstract StickyTable of(StickySession session, long places, NanoClock clock);

  BiFunction<NanoClock, Long, StickyTable> tables(StickySession session) {
    return (clock, places) -> of(session, places, clock);
  }
}
