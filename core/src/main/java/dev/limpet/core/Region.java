package dev.limpet.core;

import static dev.limpet.core.BindingWord.EMPTY;

import dev.limpet.core.Names.Slot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link CompactStickyTable}: some buckets of words. The two buckets of a key are in one
 * region. Thread-safe.
 */
final class Region {
  /*
   * Uses are read and recorded without a lock: a word changes as a whole, and who could not find a word,
   * or saw it change, looks again under the lock. All else is done under the lock: whoever holds it sees
   * no word change but for a use recorded in it. A word on the move is in no place for a moment.
   *
   * Time is read after the word that it judges. Under the lock one reading serves for many words: a word
   * that seems dead may then have been used since, and is judged once more with time read after it.
   *
   * Ticks are kept modulo a power of two. So a region that was last swept more than a duration ago is
   * swept before anything in it is believed: no binding is then older than three durations, which their
   * bits can tell apart. Where that was so long ago that even the youngest must be dead, none is looked at.
   *
   * [1] Fan, Andersen, Kaminsky and Mitzenmacher, Cuckoo Filter: Practically Better Than Bloom, 2014:
   * a bucket and a fingerprint give the other bucket, so a binding can be moved without its key.
   */

  /** How many words there are in a bucket: a cache line. */
  static final int BUCKET = 8;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int NOWHERE = -1;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final long[] words;
  private final int buckets;
  private final Names names;
  private final TickClock clock;
  private volatile long swept;
  private volatile long overflowed = NEVER;

  /**
   * Makes an empty region.
   *
   * @param places for how many bindings; what is missing to whole buckets is walled up
   */
  Region(int places, Names names, TickClock clock) {
    this.buckets = (places + BUCKET - 1) / BUCKET;
    this.words = new long[buckets * BUCKET];
    this.names = names;
    this.clock = clock;
    this.swept = clock.now().number();
    for (int at = places; at < words.length; at++) {
      words[at] = BindingWord.WALL;
    }
  }

  /** {@return the name that a key is bound to, or null; counts as a use} */
  @Nullable
  String lookup(long probe, int bucket) {
    int at = find(probe, bucket);
    if (at != NOWHERE) {
      long word = get(at);
      Tick now = clock.now();
      String name = name(at, word, probe, now);
      if (name != null && (!now.isUse(word) || replace(at, word, BindingWord.used(word, now)))) {
        return name;
      }
    }
    return lookupLocked(probe, bucket);
  }

  /** {@return the name that a key is bound to, or null} */
  @Nullable
  String peek(long probe, int bucket) {
    int at = find(probe, bucket);
    if (at != NOWHERE) {
      long word = get(at);
      String name = name(at, word, probe, clock.now());
      if (name != null) {
        return name;
      }
    }
    return peekLocked(probe, bucket);
  }

  /** {@return whether a session found no place here within the last duration} */
  boolean wantsHash() {
    return clock.now().number() - overflowed <= Tick.LIFE;
  }

  /**
   * As {@link StickyTable#bind}.
   *
   * @param slot that of the candidate, in use: ended by the caller unless the answer is STORED; or null if
   *     it has none, and so no place
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
    names.release(names.at(BindingWord.slot(take(at))));
    return true;
  }

  /** Gives up what has elapsed. */
  synchronized void sweep() {
    sweep(clock.now());
  }

  /** {@return the name of a word if it is a live binding and still there} */
  private @Nullable String name(int at, long word, long probe, Tick now) {
    if (!BindingWord.matches(word, probe) || !now.isAlive(word) || !isFresh(now)) {
      return null;
    }
    Slot slot = names.at(BindingWord.slot(word));
    boolean unchanged = get(at) == word && names.at(slot.number()) == slot;
    return unchanged ? slot.name() : null;
  }

  private synchronized @Nullable String lookupLocked(long probe, int bucket) {
    int at = findLive(probe, bucket, sweptTime());
    if (at == NOWHERE) {
      return null;
    }
    recordUse(at);
    return slotAt(at).name();
  }

  private synchronized @Nullable String peekLocked(long probe, int bucket) {
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
    long word = get(at);
    while (!replace(at, word, BindingWord.rebound(word, slot.number(), clock.now()))) {
      word = get(at);
    }
    names.release(old);
    return Bound.stored(slot.name());
  }

  private Bound bindNew(long probe, int bucket, @Nullable Slot slot, Tick now) {
    int at = (slot == null) ? NOWHERE : place(probe, bucket, now);
    if (slot == null || at == NOWHERE) {
      recordOverflow();
      return Bound.FULL;
    }
    set(at, BindingWord.of(probe, slot.number(), clock.now()));
    return Bound.stored(slot.name());
  }

  /** Writes once a tick, for the sake of other readers. */
  private void recordOverflow() {
    long now = clock.now().number();
    if (overflowed != now) {
      overflowed = now;
    }
  }

  /** {@return an empty place for a key; the first bucket is preferred, so that it is mostly found there} */
  private int place(long probe, int bucket, Tick now) {
    int other = other(probe, bucket);
    int at = emptyIn(bucket, now);
    if (at == NOWHERE) {
      at = emptyIn(other, now);
    }
    if (at == NOWHERE) {
      at = emptiedIn(bucket, now);
    }
    return (at == NOWHERE) ? emptiedIn(other, now) : at;
  }

  private int emptyIn(int bucket, Tick now) {
    for (int at = bucket * BUCKET, end = at + BUCKET; at < end; at++) {
      if (isEmpty(at, now)) {
        return at;
      }
    }
    return NOWHERE;
  }

  /** {@return a place from which a binding could be moved to its other bucket} */
  private int emptiedIn(int bucket, Tick now) {
    for (int at = bucket * BUCKET, end = at + BUCKET; at < end; at++) {
      long word = get(at);
      int to = BindingWord.isBinding(word) ? emptyIn(other(word, bucket), now) : NOWHERE;
      if (to != NOWHERE) {
        set(to, take(at));
        return at;
      }
    }
    return NOWHERE;
  }

  /** {@return whether a place is empty, after giving up a binding that has elapsed} */
  private boolean isEmpty(int at, Tick now) {
    long word = get(at);
    return word == EMPTY
        || (BindingWord.isBinding(word)
            && !now.isAlive(word)
            && !clock.now().isAlive(word)
            && giveUp(at, word));
  }

  private int findLive(long probe, int bucket, Tick now) {
    int at = find(probe, bucket);
    return (at == NOWHERE || isEmpty(at, now)) ? NOWHERE : at;
  }

  private void recordUse(int at) {
    long word = get(at);
    Tick now = clock.now();
    while (now.isUse(word) && !replace(at, word, BindingWord.used(word, now))) {
      word = get(at);
    }
  }

  private Tick sweptTime() {
    Tick now = clock.now();
    if (!isFresh(now)) {
      sweep(now);
    }
    return now;
  }

  private boolean isFresh(Tick now) {
    return now.number() - swept <= Tick.PER_DURATION;
  }

  private void sweep(Tick now) {
    boolean allDead = now.number() - swept > Tick.PER_DURATION + Tick.LIFE;
    for (int at = 0; at < words.length; at++) {
      long word = get(at);
      if (allDead && BindingWord.isBinding(word)) {
        giveUp(at, word);
      } else {
        isEmpty(at, now);
      }
    }
    swept = now.number();
  }

  /** {@return whether the binding could be given up: not if a use of it was recorded since} */
  private boolean giveUp(int at, long word) {
    boolean gone = replace(at, word, EMPTY);
    if (gone) {
      names.release(names.at(BindingWord.slot(word)));
    }
    return gone;
  }

  private Slot slotAt(int at) {
    return names.at(BindingWord.slot(get(at)));
  }

  private int find(long probe, int bucket) {
    int at = findIn(bucket, probe);
    return (at != NOWHERE) ? at : findIn(other(probe, bucket), probe);
  }

  private int findIn(int bucket, long probe) {
    for (int at = bucket * BUCKET, end = at + BUCKET; at < end; at++) {
      if (BindingWord.matches(get(at), probe)) {
        return at;
      }
    }
    return NOWHERE;
  }

  /** {@return the other bucket of a fingerprint: the two add up to the same, counted round} */
  private int other(long probe, int bucket) {
    int sum = (int) ((BindingWord.fingerprint(probe) * buckets) >>> Integer.SIZE);
    int other = sum - bucket;
    return (other < 0) ? other + buckets : other;
  }

  private long get(int at) {
    return (long) WORDS.getAcquire(words, at);
  }

  private void set(int at, long word) {
    WORDS.setRelease(words, at, word);
  }

  private boolean replace(int at, long word, long next) {
    return WORDS.compareAndSet(words, at, word, next);
  }

  private long take(int at) {
    return (long) WORDS.getAndSet(words, at, EMPTY);
  }
}
