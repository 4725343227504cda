package dev.limpet.core.table;

import dev.limpet.core.StickySession;
import dev.limpet.core.table.NameTable.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts what a snapshot holds into a table. For one thread; the table may be in use. */
final class Restoration implements SnapshotReader.Visitor {
  /*
   * A tick says that the last use was within two ticks of each other, and not where: a binding must
   * end with just the tick it would have ended with. Were it rounded up to the ticks of another
   * table, each restart would give it up to a tick more, and a process that restarts more often
   * than that would keep it for ever. So an empty table takes the time of the one that was saved
   * over, and goes on from there.
   *
   * Where there are bindings already, or the ticks are of another length, times are rounded up,
   * once.
   */

  private static final Duration LONGEST = StickySession.MAX_DURATION.multipliedBy(2);

  private final Segment[] regions;
  private final TickClock clock;
  private final Function<String, @Nullable Slot> names;
  private final SavedTime time;
  private final long shift;
  private long restored;
  private long elapsed;
  private long leftOut;

  /**
   * Sets the time.
   *
   * @param names takes a use of a name, or none if there is no room for it
   * @param empty whether the table has no binding
   * @param now the wall clock's time; where it is before that of the snapshot, no time has passed
   */
  Restoration(
      Segment[] regions,
      TickClock clock,
      Function<String, @Nullable Slot> names,
      SnapshotReader snapshot,
      boolean empty,
      Instant now) {
    this.regions = regions;
    this.clock = clock;
    this.names = names;
    this.time = snapshot.time();
    long present = time.elapsed() + passed(snapshot.savedAt(), now);
    this.shift = empty ? clock.skipTo(present) : clock.elapsed() - present;
  }

  @Override
  public void overflowed(int region, int ticksAgo) {
    if (ticksAgo <= Tick.LIFE) {
      regions[region].recordOverflow(clock.tickEndingBy(time.endOf(ticksAgo) + shift));
    }
  }

  @Override
  public void bound(int region, int bucket, long word, String name) {
    int stamp = clock.stamp(time.usedBy(word) + shift, time.boundBy(word) + shift);
    if (stamp == TickClock.ELAPSED) {
      elapsed++;
    } else if (restores(regions[region], bucket, BindingWord.withStamp(word, stamp), name)) {
      restored++;
    } else {
      leftOut++;
    }
  }

  Restored result() {
    return Restored.of(restored, elapsed, leftOut);
  }

  private boolean restores(Segment region, int bucket, long word, String name) {
    Slot slot = names.apply(name);
    return slot != null && region.restore(BindingWord.withSlot(word, slot.number()), bucket);
  }

  private static long passed(Instant then, Instant now) {
    Duration passed = Duration.between(then, now);
    if (passed.isNegative()) {
      return 0;
    }
    return ((passed.compareTo(LONGEST) < 0) ? passed : LONGEST).toNanos();
  }
}
