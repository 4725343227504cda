package dev.limpet.core.table;

import dev.limpet.core.table.NameTable.Slot;
import java.util.Arrays;

/**
 * The live bindings of a segment at one moment, to be copied to another table. No lock of a table
 * is held while they are passed on, so tables may be copied in both directions at once. For one
 * thread.
 */
final class SegmentCopy implements Segment.Viewer {
  private final Segment segment;
  private final long tick;
  private final SavedTime time;
  private int[] places;
  private long[] words;
  private Slot[] names;
  private int size;

  /**
   * Reads a segment.
   *
   * @param clock the clock of its table
   * @param expected about how many bindings there are
   */
  SegmentCopy(Segment segment, TickClock clock, int expected) {
    int capacity = Math.max(expected, BucketArray.BUCKET);
    this.places = new int[capacity];
    this.words = new long[capacity];
    this.names = new Slot[capacity];
    this.segment = segment;
    this.tick = segment.show(this).number();
    this.time = clock.saved();
  }

  @Override
  public void see(int at, long word, Slot slot) {
    if (size == words.length) {
      places = Arrays.copyOf(places, 2 * size);
      words = Arrays.copyOf(words, 2 * size);
      names = Arrays.copyOf(names, 2 * size);
    }
    places[size] = at;
    words[size] = word;
    names[size++] = slot;
  }

  /** Returns the number of bindings. */
  int size() {
    return size;
  }

  long word(int index) {
    return words[index];
  }

  /** {@return the first slot of the bucket of a binding} */
  int bucket(int index) {
    return places[index] - places[index] % BucketArray.BUCKET;
  }

  String name(int index) {
    return names[index].name();
  }

  /** Passes all bindings to a table, as those of one of its segments. */
  void tell(int number, Restoration copy) {
    copy.overflowed(number, segment.ticksSinceOverflow(time.tick(), SnapshotFormat.NO_OVERFLOW));
    if (time.tick() - tick > Tick.LIFE) {
      size = 0; // all have expired meanwhile, and their ticks can no longer be told apart
    }
    copy.addAll(number, time, this);
  }

  /**
   * Removes from a segment the bindings of an earlier copy that have changed since, and keeps here
   * only those bindings that the segment lacks.
   */
  void replace(SegmentCopy earlier, Segment target) {
    int kept = 0;
    int old = 0;
    for (int i = 0; i < size; i++) {
      while (old < earlier.size && earlier.places[old] < places[i]) {
        target.remove(earlier.words[old], earlier.bucket(old));
        old++;
      }
      boolean wasHere = old < earlier.size && earlier.places[old] == places[i];
      if (wasHere && earlier.isAt(old, words[i], names[i])) {
        old++;
        continue;
      }
      if (wasHere) {
        target.remove(earlier.words[old], earlier.bucket(old));
        old++;
      }
      places[kept] = places[i];
      words[kept] = words[i];
      names[kept++] = names[i];
    }
    for (; old < earlier.size; old++) {
      target.remove(earlier.words[old], earlier.bucket(old));
    }
    size = kept;
  }

  private boolean isAt(int index, long word, Slot name) {
    return words[index] == word && names[index] == name;
  }
}
