package dev.limpet.core.table;

import dev.limpet.core.StickySession;
import dev.limpet.core.table.NameTable.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the content of a snapshot into a table. For one thread; the table may be in use. */
final class Restoration implements SnapshotReader.Visitor {
  /*
   * The tick of a use says only that the use was within a certain span of two ticks. If it were
   * rounded up to the ticks of another table, each restart would extend the binding by up to one
   * tick, and a process that restarts more often than that would keep it forever. So a binding must
   * expire at exactly the tick at which it would have expired without the restart: an empty table
   * takes over the time of the saved table and continues from there.
   *
   * If the table already has bindings, or its ticks have another length, times are rounded up,
   * once.
   */

  private static final Duration LONGEST = StickySession.MAX_DURATION.multipliedBy(2);

  private static final int UNKNOWN = TickClock.EXPIRED - 1;

  private final Segment[] segments;
  private final TickClock clock;
  private final Function<String, @Nullable Slot> names;
  private int[] stamps = {};
  private SavedTime time;
  private final long shift;
  private long restored;
  private long elapsed;
  private long leftOut;

  /**
   * Sets the time.
   *
   * @param names returns the name slot of a name and counts a use of it; null if no slot is free
   * @param time the saved table's time
   * @param passed the nanoseconds that have passed since
   * @param empty whether the table has no bindings
   */
  Restoration(
      Segment[] segments,
      TickClock clock,
      Function<String, @Nullable Slot> names,
      SavedTime time,
      long passed,
      boolean empty) {
    this.segments = segments;
    this.clock = clock;
    this.names = names;
    this.time = time;
    long present = time.elapsed() + passed;
    this.shift = empty ? clock.skipTo(present) : clock.elapsed() - present;
  }

  /**
   * Stores the bindings of one segment, which were read at a later moment of the same table.
   *
   * @param number the number of the segment
   * @param later that moment
   * @param seen the bindings
   */
  void addAll(int number, SavedTime later, SegmentCopy seen) {
    time = later;
    if (seen.size() == 0) {
      return;
    }
    rememberStamps();
    long[] kept = new long[seen.size()];
    int[] buckets = new int[seen.size()];
    int size = 0;
    for (int i = 0; i < seen.size(); i++) {
      int stamp = stampOfSame(seen.word(i));
      Slot slot = (stamp == TickClock.EXPIRED) ? null : names.apply(seen.name(i));
      if (stamp == TickClock.EXPIRED) {
        elapsed++;
      } else if (slot == null) {
        leftOut++;
      } else {
        long stamped = BindingWord.withStamp(seen.word(i), stamp);
        kept[size] = BindingWord.withSlot(stamped, slot.number());
        buckets[size++] = seen.bucket(i);
      }
    }
    forgetStamps(seen);
    int stored = segments[number].restoreAll(kept, buckets, size);
    restored += stored;
    leftOut += size - stored;
  }

  private void rememberStamps() {
    if (stamps.length == 0) {
      stamps = new int[BindingWord.STAMPS];
      Arrays.fill(stamps, UNKNOWN);
    }
  }

  /** Computes each stamp once per segment, because that takes as long as to store a binding. */
  private int stampOfSame(long word) {
    int old = BindingWord.stamp(word);
    if (stamps[old] == UNKNOWN) {
      stamps[old] = stamp(word);
    }
    return stamps[old];
  }

  /** Forgets the stamps of one segment, but not all of the many that there may be. */
  private void forgetStamps(SegmentCopy seen) {
    for (int i = 0; i < seen.size(); i++) {
      stamps[BindingWord.stamp(seen.word(i))] = UNKNOWN;
    }
  }

  private int stamp(long word) {
    return clock.stamp(time.usedBy(word) + shift, time.boundBy(word) + shift);
  }

  @Override
  public void overflowed(int segment, int ticksAgo) {
    if (ticksAgo <= Tick.LIFE) {
      segments[segment].recordOverflow(clock.tickEndingBy(time.endOf(ticksAgo) + shift));
    }
  }

  @Override
  public void bound(int segment, int bucket, long word, String name) {
    int stamp = stamp(word);
    if (stamp == TickClock.EXPIRED) {
      elapsed++;
    } else if (restore(segments[segment], bucket, BindingWord.withStamp(word, stamp), name)) {
      restored++;
    } else {
      leftOut++;
    }
  }

  Restored result() {
    return Restored.of(restored, elapsed, leftOut);
  }

  private boolean restore(Segment segment, int bucket, long word, String name) {
    Slot slot = names.apply(name);
    return slot != null && segment.restore(BindingWord.withSlot(word, slot.number()), bucket);
  }

  /**
   * {@return the nanoseconds between two moments of the wall clock} If it has gone back, no time
   * has passed.
   */
  static long passed(Instant then, Instant now) {
    Duration passed = Duration.between(then, now);
    if (passed.isNegative()) {
      return 0;
    }
    return ((passed.compareTo(LONGEST) < 0) ? passed : LONGEST).toNanos();
  }
}
