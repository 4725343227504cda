package dev.limpet.core.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The words of a {@link CompactStickyTable}: buckets of eight, in regions of as many buckets. Each
 * word changes as a whole, by one thread at a time. Thread-safe.
 */
final class BucketArray {
  /*
   * A key has two buckets in one region. Fingerprint and bucket give the other bucket, so a binding
   * can be moved without its key, as in a cuckoo filter [1]. The two numbers add up, counted round,
   * to an odd one, and the number of buckets is even: no bucket is its own other.
   *
   * [1] Fan, Andersen, Kaminsky and Mitzenmacher, Cuckoo Filter: Practically Better Than Bloom,
   * 2014
   */

  /** How many words there are in a bucket: a cache line. */
  static final int BUCKET = 8;

  /** No place. */
  static final int NOWHERE = -1;

  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PLACES_PER_REGION = 4096;

  private final int regions;
  private final int buckets;
  private final long[] words;

  /** Makes places for bindings, in as many regions and buckets as they need. */
  BucketArray(long places) {
    this.regions = ceilDiv(places, PLACES_PER_REGION);
    this.buckets = 2 * ceilDiv(places, 2L * regions * BUCKET);
    this.words = new long[regions * buckets * BUCKET];
    wallUp(places);
  }

  int regions() {
    return regions;
  }

  /** {@return how many buckets there are in a region} */
  int buckets() {
    return buckets;
  }

  /** {@return a region and, in the lower half, what part of it a mixed key belongs to} */
  private long spot(long mixedKey) {
    return (mixedKey >>> Integer.SIZE) * regions;
  }

  /** {@return the region of a mixed key} */
  int region(long mixedKey) {
    return (int) (spot(mixedKey) >>> Integer.SIZE);
  }

  /** {@return the first place of a mixed key's first bucket} */
  int bucket(long mixedKey) {
    long spot = spot(mixedKey);
    int region = (int) (spot >>> Integer.SIZE);
    int bucket = (int) (((spot & 0xFFFF_FFFFL) * buckets) >>> Integer.SIZE);
    return (region * buckets + bucket) * BUCKET;
  }

  /** {@return the first place of a region} */
  int start(int region) {
    return region * buckets * BUCKET;
  }

  /** {@return the place of a key's binding, alive or not, in either of its buckets} */
  int find(long probe, int region, int bucket) {
    int at = findIn(bucket, probe);
    return (at != NOWHERE) ? at : findIn(other(probe, region, bucket), probe);
  }

  /** {@return the first place of the other bucket of a binding or probe} */
  int other(long word, int region, int bucket) {
    int start = start(region);
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

  /** {@return whether the word was as expected, and is the next one now} */
  boolean replace(int at, long expected, long next) {
    return WORDS.compareAndSet(words, at, expected, next);
  }

  /** {@return the word, which is gone} */
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

  /** Where there are more words than places, the last of each bucket are no places, evenly. */
  private void wallUp(long places) {
    int all = words.length / BUCKET;
    for (int bucket = 0; bucket < all; bucket++) {
      int open = (int) ((bucket + 1) * places / all - bucket * places / all);
      int at = bucket * BUCKET;
      Arrays.fill(words, at + open, at + BUCKET, BindingWord.WALL);
    }
  }

  private static int ceilDiv(long dividend, long divisor) {
    return (int) ((dividend + divisor - 1) / divisor);
  }
}
