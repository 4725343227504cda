package dev.limpet.core.table;

/**
 * A copy of a table that is in use, in two steps: one that takes long, and one that stops the table
 * for a moment. For one thread at a time.
 *
 * <pre>{@code
 * TableCopy copy = next.beginCopy(table); // while sessions use the table
 * lock.lock();                            // now no session uses it
 * copy.finish();
 * table = next;
 * lock.unlock();
 * }</pre>
 */
public final class TableCopy {
  /*
   * The first step remembers the words that it has copied. The second one compares them with the
   * present words, and copies again what differs. A use changes a word as well as a bind does.
   */

  private final CompactStickyTable from;
  private final CompactStickyTable to;
  private final Restoration restoration;
  private final SegmentCopy[] copied;

  TableCopy(CompactStickyTable from, CompactStickyTable to) {
    this.from = from;
    this.to = to;
    this.restoration = to.restoration(from.clock().saved(), 0);
    this.copied = new SegmentCopy[from.segments().length];
  }

  /** Copies all bindings that are live now. */
  Restored begin() {
    int expected = mostPerSegment();
    for (int i = 0; i < copied.length; i++) {
      copied[i] = new SegmentCopy(from.segments()[i], from.clock(), expected);
      copied[i].tell(i, restoration);
    }
    return restoration.result();
  }

  /** Returns what hardly any segment exceeds, because keys are spread evenly. */
  private int mostPerSegment() {
    return Math.toIntExact(from.size() * 9 / 8 / copied.length);
  }

  /**
   * Copies what has changed since the copy began. Nothing may use either table meanwhile. Takes
   * some milliseconds per million slots.
   */
  public void finish() {
    for (int i = 0; i < copied.length; i++) {
      SegmentCopy now = new SegmentCopy(from.segments()[i], from.clock(), copied[i].size());
      now.replace(copied[i], to.segments()[i]);
      now.tell(i, restoration);
    }
  }
}
