package dev.limpet.core;

class CompactStickyTableTest extends StickyTableContract {
  @Override
  protected StickyTable newTable(StickySession session, long capacity, NanoClock now) {
    return CompactStickyTable.of(session, capacity, now);
  }
}
