package dev.limpet.core.table;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.StickyTableModel.Lateness;

class CompactStickyTableProperties extends StickyTableProperties<CompactStickyTable> {

  @Override
  CompactStickyTable newTable(StickySession session, long capacity, NanoClock clock) {
    return CompactStickyTable.of(session, capacity, clock);
  }

  @Override
  long size(CompactStickyTable table) {
    return table.size();
  }

  @Override
  Lateness lateness(StickySession session) {
    long duration = session.duration().toNanos();
    long max = (session.mode() == Mode.ABSOLUTE || session.maxDuration() == null)
        ? duration
        : session.maxDuration().toNanos();
    return new Lateness(duration / 32, max / 32, duration / 32, 0, 0);
  }
}
