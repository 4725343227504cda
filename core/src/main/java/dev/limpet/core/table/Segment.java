package dev.limpet.core.table;

import static dev.limpet.core.table.BindingWord.EMPTY;
import static dev.limpet.core.table.BucketArray.NOWHERE;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.NameTable.Slot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link CompactStickyTable} with its own lock. It does everything that needs the lock;
 * uses are read and recorded without it, where possible. Thread-safe.
 */
final class Segment {
  /*
   * While a thread holds the lock, other threads change words only to record a use.
   *
   * The clock is read after the word that is judged by it. Under the lock, one time serves for many
   * words. A word that seems to have expired may have been used since that time, so it is judged
   * again by a time that is read after it.
   *
   * Ticks are stored modulo a power of two. So a segment that was last swept more than one duration
   * ago is swept before any of its words is trusted. At that time no binding is older than three
   * durations, which the bits of its ticks can distinguish. If the last sweep was so long ago that
   * even the youngest binding must have expired, all are removed without looking at their ticks.
   */

  private static final int SLOTS_PER_FREE_ONE = 64;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final int number;
  private final BucketArray words;
  private final NameTable names;
  private final TickClock clock;
  private final AtomicLongArray swept;
  private final int slots;
  private int taken;
  private volatile long lastOverflow = NEVER;

  /**
   * Makes a segment.
   *
   * @param swept for each segment the number of the tick in which it was last swept; 0 for the tick
   *     in which the clock was made
   */
  Segment(int number, BucketArray words, NameTable names, TickClock clock, AtomicLongArray swept) {
    this.number = number;
    this.words = words;
    this.names = names;
    this.clock = clock;
    this.swept = swept;
    this.slots = (int) IntStream.range(words.start(number), words.start(number + 1))
        .filter(at -> words.get(at) == EMPTY)
        .count();
  }

  /** Returns whether words that were read before this call can be trusted. */
  static boolean isFresh(long swept, Tick now) {
    return now.number() - swept <= Tick.PER_DURATION;
  }

  /** Returns whether a session found no slot here within the last duration. */
  boolean wantsHash() {
    return clock.now().number() - lastOverflow <= Tick.LIFE;
  }

  /**
   * Works as {@link StickyTable#bind} does.
   *
   * @param slot the name slot of the candidate, whose use was counted; the caller ends that use
   *     unless the answer is STORED. Null if the candidate has no name slot, and so cannot be
   *     stored
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

  /** Works as {@link StickyTable#unbind} does. */
  synchronized boolean unbind(long probe, int bucket, String expected) {
    int at = findLive(probe, bucket, sweptTime());
    if (at == NOWHERE || !slotAt(at).name().equals(expected)) {
      return false;
    }
    take(at);
    return true;
  }

  /** Removes the expired bindings. */
  synchronized void sweep() {
    sweep(clock.now());
  }

  /**
   * Shows the viewer all live bindings. None is added, removed or moved meanwhile. Returns the time
   * at which they were live.
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
   * Stores a saved binding and returns true. If its key is bound already or no slot is free, it
   * ends the use of the binding's name slot and returns false.
   */
  synchronized boolean restore(long word, int bucket) {
    return restore(word, bucket, sweptTime());
  }

  /**
   * Stores bindings as {@link #restore(long, int)} does.
   *
   * @param buckets the bucket of each binding
   * @param size the number of bindings
   * @return the number of those that were stored
   */
  synchronized int restoreAll(long[] bindings, int[] buckets, int size) {
    Tick now = sweptTime();
    int stored = 0;
    for (int i = 0; i < size; i++) {
      stored += restore(bindings[i], buckets[i], now) ? 1 : 0;
    }
    return stored;
  }

  /** Removes the binding of a key, whatever its name, if there is one. */
  synchronized void remove(long probe, int bucket) {
    int at = words.find(probe, number, bucket);
    if (at != NOWHERE) {
      take(at);
    }
  }

  private void take(int at) {
    recordRemoval(words.take(at));
  }

  private boolean restore(long word, int bucket, Tick now) {
    int at = (findLive(word, bucket, now) == NOWHERE) ? findRoom(word, bucket, now) : NOWHERE;
    if (at == NOWHERE) {
      names.release(names.at(BindingWord.slot(word)));
      return false;
    }
    taken++;
    words.set(at, word);
    return true;
  }

  /** {@return the number of ticks between the last overflow and a tick, 0..most} */
  int ticksSinceOverflow(long tick, int most) {
    return (int) Math.min(Math.max(tick - lastOverflow, 0), most);
  }

  /**
   * Remembers that a session found no slot. Writes once per tick only, so that other threads can
   * read from their caches.
   */
  synchronized void recordOverflow(long tick) {
    if (lastOverflow < tick) {
      lastOverflow = tick;
    }
  }

  /** Works as {@link StickyTable#lookup} does. */
  synchronized @Nullable String lookup(long probe, int bucket) {
    int at = findLive(probe, bucket, sweptTime());
    if (at == NOWHERE) {
      return null;
    }
    recordUse(at);
    return slotAt(at).name();
  }

  /** Works as {@link StickyTable#peek} does. */
  synchronized @Nullable String peek(long probe, int bucket) {
    int at = findLive(probe, bucket, sweptTime());
    return (at == NOWHERE) ? null : slotAt(at).name();
  }

  /** {@return for how long a key has been bound, to half a tick of binds; null if it is not} */
  synchronized @Nullable Duration age(long probe, int bucket) {
    int at = findLive(probe, bucket, sweptTime());
    return (at == NOWHERE) ? null : clock.saved().age(words.get(at));
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
    int at = (slot == null) ? NOWHERE : findRoom(probe, bucket, now);
    if (slot == null || at == NOWHERE) {
      recordOverflow(clock.now().number());
      return Bound.FULL;
    }
    taken++;
    words.set(at, BindingWord.of(probe, slot.number(), clock.now()));
    return Bound.stored(slot.name());
  }

  /**
   * Returns an empty slot for a key. The first bucket is preferred, because lookups search it
   * first.
   */
  private int findRoom(long probe, int bucket, Tick now) {
    int other = words.other(probe, number, bucket);
    int at = findEmpty(bucket, now);
    if (at == NOWHERE) {
      at = findEmpty(other, now);
    }
    if (at == NOWHERE && hasRoom(now)) {
      at = emptyByMoving(bucket, now);
      at = (at == NOWHERE) ? emptyByMoving(other, now) : at;
    }
    return at;
  }

  /**
   * Returns whether to look for room beyond the two buckets. During a flood, such a search would
   * fail again and again.
   */
  private boolean hasRoom(Tick now) {
    if (isNearlyFull() && swept.get(number) != now.number()) {
      sweep(now);
    }
    return !isNearlyFull();
  }

  private boolean isNearlyFull() {
    return (slots - taken) * SLOTS_PER_FREE_ONE <= slots;
  }

  private int findEmpty(int bucket, Tick now) {
    for (int at = bucket; at < bucket + BucketArray.BUCKET; at++) {
      if (isEmpty(at, now)) {
        return at;
      }
    }
    return NOWHERE;
  }

  /**
   * Empties a slot of a bucket by moving its binding to the binding's other bucket. Returns the
   * slot.
   */
  private int emptyByMoving(int bucket, Tick now) {
    for (int at = bucket; at < bucket + BucketArray.BUCKET; at++) {
      long word = words.get(at);
      int to =
          BindingWord.isBinding(word) ? findEmpty(words.other(word, number, bucket), now) : NOWHERE;
      if (to != NOWHERE) {
        words.move(number, at, to);
        return at;
      }
    }
    return NOWHERE;
  }

  /** Returns whether a slot is empty, after removing its binding if that has expired. */
  private boolean isEmpty(int at, Tick now) {
    long word = words.get(at);
    while (BindingWord.isBinding(word) && !now.isLive(word) && !clock.now().isLive(word)) {
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
    boolean allExpired = now.number() - swept.get(number) > Tick.PER_DURATION + Tick.LIFE;
    for (int at = words.start(number), end = words.start(number + 1); at < end; at++) {
      if (allExpired) {
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

  /** Removes a binding, unless a use of it was recorded in the meantime. */
  private void giveUp(int at, long word) {
    if (words.replace(at, word, EMPTY)) {
      recordRemoval(word);
    }
  }

  private void recordRemoval(long word) {
    taken--;
    names.release(names.at(BindingWord.slot(word)));
  }

  private Slot slotAt(int at) {
    return names.at(BindingWord.slot(words.get(at)));
  }

  /** Receives the live bindings of a segment. */
  @FunctionalInterface
  interface Viewer {
    void see(int at, long word, Slot slot);
  }
}
