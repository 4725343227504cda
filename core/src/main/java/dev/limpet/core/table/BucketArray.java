package dev.limpet.core.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The words of a {@link CompactStickyTable}: buckets of eight words, in segments that all have the
 * same number of buckets. Each word changes atomically. Thread-safe.
 */
final class BucketArray {
  /*
   * A key has two buckets in one segment. The fingerprint and one bucket determine the other, so a
   * binding can be moved without knowing its key, as in a cuckoo filter [1]. The numbers of the two
   * buckets add up, modulo the number of buckets, to an odd number. Because the number of buckets
   * is even, no bucket is its own partner.
   *
   * While a word is moved, it is in neither of its slots for a moment. Each segment counts when a
   * move begins and when it ends. A search without a lock that finds nothing is repeated, and then
   * is right if the same even count is read before and after. So new sessions, and a flood of them,
   * take no lock to find nothing, and hits do not read the count.
   *
   * [1] Fan, Andersen, Kaminsky and Mitzenmacher, Cuckoo Filter: Practically Better Than Bloom,
   * 2014
   */

  /** The number of words in a bucket, which fill a cache line. */
  static final int BUCKET = 8;

  /** No slot. */
  static final int NOWHERE = -1;

  /** Not found, but a word was moved meanwhile. */
  static final int MOVING = -2;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int SLOTS_PER_SEGMENT = 4096;

  private final int segments;
  private final int buckets;
  private final long[] words;
  private final AtomicLongArray moves;

  /** Allocates slots for bindings, in as many segments and buckets as they need. */
  BucketArray(long slots) {
    this.segments = ceilDiv(slots, SLOTS_PER_SEGMENT);
    this.buckets = 2 * ceilDiv(slots, 2L * segments * BUCKET);
    this.words = new long[segments * buckets * BUCKET];
    this.moves = new AtomicLongArray(segments);
    wallUp(slots);
  }

  int segments() {
    return segments;
  }

  /** {@return the number of buckets in a segment} */
  int buckets() {
    return buckets;
  }

  /**
   * Returns the segment of a mixed key in the upper half, and in the lower half the key's position
   * within it as a fraction.
   */
  private long spot(long mixedKey) {
    return (mixedKey >>> Integer.SIZE) * segments;
  }

  /** {@return the segment of a mixed key} */
  int segment(long mixedKey) {
    return (int) (spot(mixedKey) >>> Integer.SIZE);
  }

  /** {@return the first slot of a mixed key's first bucket} */
  int bucket(long mixedKey) {
    long spot = spot(mixedKey);
    int segment = (int) (spot >>> Integer.SIZE);
    int bucket = (int) (((spot & 0xFFFF_FFFFL) * buckets) >>> Integer.SIZE);
    return (segment * buckets + bucket) * BUCKET;
  }

  /** {@return the first slot of a segment} */
  int start(int segment) {
    return segment * buckets * BUCKET;
  }

  /**
   * {@return the slot of a key's binding, live or expired, in either of its buckets, or {@link
   * #NOWHERE}} Without the lock of the segment, a word that is being moved may not be found.
   */
  int find(long probe, int segment, int bucket) {
    int at = findIn(bucket, probe);
    return (at != NOWHERE) ? at : findIn(other(probe, segment, bucket), probe);
  }

  /**
   * {@return as {@link #find} does, without the lock; {@link #MOVING} if only the lock can tell}
   */
  int search(long probe, int segment, int bucket) {
    int at = find(probe, segment, bucket);
    return (at != NOWHERE) ? at : searchAgain(probe, segment, bucket);
  }

  private int searchAgain(long probe, int segment, int bucket) {
    long before = moves.get(segment);
    int at = find(probe, segment, bucket);
    return (at == NOWHERE && wasMoved(segment, before)) ? MOVING : at;
  }

  private boolean wasMoved(int segment, long before) {
    return before % 2 != 0 || moves.get(segment) != before;
  }

  /** Moves a word to an empty slot of the same segment. The caller holds the segment's lock. */
  void move(int segment, int from, int to) {
    moves.getAndIncrement(segment);
    set(to, take(from));
    moves.getAndIncrement(segment);
  }

  /** {@return the first slot of the other bucket of a binding or probe} */
  int other(long word, int segment, int bucket) {
    int start = start(segment);
    int sum = (int) ((BindingWord.fingerprint(word) * buckets) >>> Integer.SIZE) | 1;
    int other = sum - (bucket - start) / BUCKET;
    return start + ((other < 0) ? other + buckets : other) * BUCKET;
  }

  long get(int at) {
    return (long) WORDS.getAcquire(words, at);
  }

  void set(int at, long word) {
    WORDS.setRelease(words, at, word);
  }

  /** Replaces a word if it is the expected one. Returns whether it was. */
  boolean replace(int at, long expected, long next) {
    return WORDS.compareAndSet(words, at, expected, next);
  }

  /** Empties a slot and returns its word. */
  long take(int at) {
    return (long) WORDS.getAndSet(words, at, BindingWord.EMPTY);
  }

  private int findIn(int bucket, long probe) {
    for (int at = bucket; at < bucket + BUCKET; at++) {
      if (BindingWord.matches(get(at), probe)) {
        return at;
      }
    }
    return NOWHERE;
  }

  /**
   * Blocks the words that exceed the number of slots: the last ones of each bucket, spread evenly.
   */
  private void wallUp(long slots) {
    int all = words.length / BUCKET;
    for (int bucket = 0; bucket < all; bucket++) {
      int open = (int) ((bucket + 1) * slots / all - bucket * slots / all);
      int at = bucket * BUCKET;
      Arrays.fill(words, at + open, at + BUCKET, BindingWord.WALL);
    }
  }

  private static int ceilDiv(long dividend, long divisor) {
    return (int) ((dividend + divisor - 1) / divisor);
  }
}
