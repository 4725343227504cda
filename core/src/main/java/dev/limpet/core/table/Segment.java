package dev.limpet.core.table;

import static dev.limpet.core.table.BindingWord.EMPTY;
import static dev.limpet.core.table.BucketArray.NOWHERE;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.NameTable.Slot;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is done in a region of a {@link CompactStickyTable} under its lock: all but the reading and
 * recording of uses. Thread-safe.
 */
final class Segment {
  /*
   * Whoever holds the lock sees no word change but for a use recorded in it. A word on the move is
   * in no place for a moment: who does not find it looks again under the lock.
   *
   * Time is read after the word that it judges. Under the lock one reading serves for many words: a
   * word that seems dead may then have been used since, and is judged once more with time read
   * after it.
   *
   * Ticks are kept modulo a power of two. So a region that was last swept more than a duration ago
   * is swept before anything in it is believed: no binding is then older than three durations,
   * which their bits can tell apart. Where that was so long ago that even the youngest must be
   * dead, none is looked at.
   */

  private static final int PLACES_PER_FREE_ONE = 64;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final int number;
  private final BucketArray words;
  private final NameTable names;
  private final TickClock clock;
  private final AtomicLongArray swept;
  private final int places;
  private int taken;
  private volatile long lastOverflow = NEVER;

  /**
   * Makes a region.
   *
   * @param swept when each region was swept last, as the number of a tick; 0 for the time when the
   *     clock was made
   */
  Segment(int number, BucketArray words, NameTable names, TickClock clock, AtomicLongArray swept) {
    this.number = number;
    this.words = words;
    this.names = names;
    this.clock = clock;
    this.swept = swept;
    this.places = (int) IntStream.range(words.start(number), words.start(number + 1))
        .filter(at -> words.get(at) == EMPTY)
        .count();
  }

  /** {@return whether words may be believed that were read before this is called} */
  static boolean isFresh(long swept, Tick now) {
    return now.number() - swept <= Tick.PER_DURATION;
  }

  /** {@return whether a session found no place here within the last duration} */
  boolean wantsHash() {
    return clock.now().number() - lastOverflow <= Tick.LIFE;
  }

  /**
   * As {@link StickyTable#bind}.
   *
   * @param slot that of the candidate, in use: ended by the caller unless the answer is STORED; or
   *     null if it has none, and so no place
   */
  synchronized Bound bind(
      long probe, int bucket, @Nullable String expected, @Nullable Slot slot, boolean byHash) {
    Tick now = sweptTime();
    int at = findLive(probe, bucket, now);
    if (at != NOWHERE) {
      return rebind(at, expected, slot);
    }
    if (expected != null) {
      return Bound.ABSENT;
    }
    return (!byHash && wantsHash()) ? Bound.HASH_WANTED : bindNew(probe, bucket, slot, now);
  }

  /** As {@link StickyTable#unbind}. */
  synchronized boolean unbind(long probe, int bucket, String expected) {
    int at = findLive(probe, bucket, sweptTime());
    if (at == NOWHERE || !slotAt(at).name().equals(expected)) {
      return false;
    }
    removed(words.take(at));
    return true;
  }

  /** Gives up what has elapsed. */
  synchronized void sweep() {
    sweep(clock.now());
  }

  /**
   * {@return the time by which bindings live that were shown; none came, went or moved meanwhile}
   */
  synchronized Tick show(Viewer viewer) {
    Tick now = clock.now();
    sweep(now);
    for (int at = words.start(number), end = words.start(number + 1); at < end; at++) {
      long word = words.get(at);
      if (BindingWord.isBinding(word)) {
        viewer.see(at, word, names.at(BindingWord.slot(word)));
      }
    }
    return now;
  }

  /**
   * {@return whether a saved binding took a place; if its key is bound or no place is free, its
   * slot is released}
   */
  synchronized boolean restore(long word, int bucket) {
    Tick now = sweptTime();
    int at = (findLive(word, bucket, now) == NOWHERE) ? place(word, bucket, now) : NOWHERE;
    if (at == NOWHERE) {
      names.release(names.at(BindingWord.slot(word)));
      return false;
    }
    taken++;
    words.set(at, word);
    return true;
  }

  /** {@return how many ticks before this tick a session found no place: 0 to a limit} */
  int ticksSinceOverflow(long tick, int most) {
    return (int) Math.min(Math.max(tick - lastOverflow, 0), most);
  }

  /** Remembers that a session found no place. Writes once a tick, for the sake of other readers. */
  synchronized void recordOverflow(long tick) {
    if (lastOverflow < tick) {
      lastOverflow = tick;
    }
  }

  /** As {@link StickyTable#lookup}. */
  synchronized @Nullable String lookup(long probe, int bucket) {
    int at = findLive(probe, bucket, sweptTime());
    if (at == NOWHERE) {
      return null;
    }
    recordUse(at);
    return slotAt(at).name();
  }

  /** As {@link StickyTable#peek}. */
  synchronized @Nullable String peek(long probe, int bucket) {
    int at = findLive(probe, bucket, sweptTime());
    return (at == NOWHERE) ? null : slotAt(at).name();
  }

  private Bound rebind(int at, @Nullable String expected, @Nullable Slot slot) {
    Slot old = slotAt(at);
    if (!old.name().equals(expected)) {
      recordUse(at);
      return Bound.held(old.name());
    }
    if (slot == null) {
      return Bound.FULL;
    }
    long word = words.get(at);
    while (!words.replace(at, word, BindingWord.rebound(word, slot.number(), clock.now()))) {
      word = words.get(at);
    }
    names.release(old);
    return Bound.stored(slot.name());
  }

  private Bound bindNew(long probe, int bucket, @Nullable Slot slot, Tick now) {
    int at = (slot == null) ? NOWHERE : place(probe, bucket, now);
    if (slot == null || at == NOWHERE) {
      recordOverflow(clock.now().number());
      return Bound.FULL;
    }
    taken++;
    words.set(at, BindingWord.of(probe, slot.number(), clock.now()));
    return Bound.stored(slot.name());
  }

  /**
   * {@return an empty place for a key; the first bucket is preferred, so that it is mostly found
   * there}
   */
  private int place(long probe, int bucket, Tick now) {
    int other = words.other(probe, number, bucket);
    int at = emptyIn(bucket, now);
    if (at == NOWHERE) {
      at = emptyIn(other, now);
    }
    if (at == NOWHERE && hasRoom(now)) {
      at = emptiedIn(bucket, now);
      at = (at == NOWHERE) ? emptiedIn(other, now) : at;
    }
    return at;
  }

  /**
   * {@return whether to look for room farther off: in a flood it would be looked for in vain again
   * and again}
   */
  private boolean hasRoom(Tick now) {
    if (isNearlyFull() && swept.get(number) != now.number()) {
      sweep(now);
    }
    return !isNearlyFull();
  }

  private boolean isNearlyFull() {
    return (places - taken) * PLACES_PER_FREE_ONE <= places;
  }

  private int emptyIn(int bucket, Tick now) {
    for (int at = bucket; at < bucket + BucketArray.BUCKET; at++) {
      if (isEmpty(at, now)) {
        return at;
      }
    }
    return NOWHERE;
  }

  /** {@return a place from which a binding could be moved to its other bucket} */
  private int emptiedIn(int bucket, Tick now) {
    for (int at = bucket; at < bucket + BucketArray.BUCKET; at++) {
      long word = words.get(at);
      int to =
          BindingWord.isBinding(word) ? emptyIn(words.other(word, number, bucket), now) : NOWHERE;
      if (to != NOWHERE) {
        words.set(to, words.take(at));
        return at;
      }
    }
    return NOWHERE;
  }

  /** {@return whether a place is empty, after giving up a binding that has elapsed} */
  private boolean isEmpty(int at, Tick now) {
    long word = words.get(at);
    while (BindingWord.isBinding(word) && !now.isAlive(word) && !clock.now().isAlive(word)) {
      giveUp(at, word);
      word = words.get(at);
    }
    return word == EMPTY;
  }

  private int findLive(long probe, int bucket, Tick now) {
    int at = words.find(probe, number, bucket);
    return (at == NOWHERE || isEmpty(at, now)) ? NOWHERE : at;
  }

  private void recordUse(int at) {
    long word = words.get(at);
    Tick now = clock.now();
    while (now.isUse(word) && !words.replace(at, word, BindingWord.used(word, now))) {
      word = words.get(at);
    }
  }

  private Tick sweptTime() {
    Tick now = clock.now();
    if (!isFresh(swept.get(number), now)) {
      sweep(now);
    }
    return now;
  }

  private void sweep(Tick now) {
    boolean allDead = now.number() - swept.get(number) > Tick.PER_DURATION + Tick.LIFE;
    for (int at = words.start(number), end = words.start(number + 1); at < end; at++) {
      if (allDead) {
        empty(at);
      }
      isEmpty(at, now);
    }
    swept.set(number, now.number());
  }

  private void empty(int at) {
    while (BindingWord.isBinding(words.get(at))) {
      giveUp(at, words.get(at));
    }
  }

  /** Fails where a use of the binding was recorded since. */
  private void giveUp(int at, long word) {
    if (words.replace(at, word, EMPTY)) {
      removed(word);
    }
  }

  private void removed(long word) {
    taken--;
    names.release(names.at(BindingWord.slot(word)));
  }

  private Slot slotAt(int at) {
    return names.at(BindingWord.slot(words.get(at)));
  }

  /** Is shown the live bindings of a region. */
  @FunctionalInterface
  interface Viewer {
    void see(int at, long word, Slot slot);
  }
}
