package dev.limpet.core.table;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.StickyTableModel.Lateness;

class CaffeineStickyTableProperties extends StickyTableProperties<CaffeineStickyTable> {

  @Override
  CaffeineStickyTable newTable(StickySession session, long capacity, NanoClock clock) {
    return CaffeineStickyTable.of(session, capacity, clock);
  }

  @Override
  long size(CaffeineStickyTable table) {
    return table.size();
  }

  @Override
  Lateness lateness(StickySession session) {
    long duration = session.duration().toNanos();
    long tick = duration / 1024;
    boolean sliding = session.mode() == Mode.SLIDING;
    long tolerance = sliding ? Math.max(duration / 64, SECOND) + tick + 1 : 0;
    long nearMax = (sliding && session.maxDuration() != null) ? SECOND : 0;
    long memory = tolerance + (duration + tolerance) / 1024 + 1;
    return new Lateness(tolerance + nearMax, 0, memory, 2 * SECOND, tick);
  }
}
