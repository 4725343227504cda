package dev.limpet.core.affinity;

import static dev.limpet.core.KeyExtractor.NONE;

import dev.limpet.core.internal.SplitMix;
import java.util.Arrays;
import java.util.function.LongPredicate;

/** A set of keys. A large set takes 11 to 16 bytes per key. Not thread-safe. */
final class LongHashSet {
  private static final int MOST_WORDS = Integer.MAX_VALUE - 8;

  private long[] keys = new long[2];
  private int size;

  int size() {
    return size;
  }

  /** Returns whether {@link #retainIf} must make room before another key can be added. */
  boolean isFull() {
    return (size + 1) * 4L > keys.length * 3L;
  }

  void add(long key) {
    int at = find(key);
    size += (keys[at] == NONE) ? 1 : 0;
    keys[at] = key;
  }

  void remove(long key) {
    int at = find(key);
    size -= (keys[at] == NONE) ? 0 : 1;
    keys[at] = NONE;
    for (int next = after(at); keys[next] != NONE; next = after(next)) {
      long moved = keys[next];
      keys[next] = NONE;
      keys[find(moved)] = moved;
    }
  }

  /** Drops all other keys, and makes room for half as many new keys as are left. */
  void retainIf(LongPredicate kept) {
    long[] left =
        Arrays.stream(keys).filter(key -> key != NONE && kept.test(key)).toArray();
    keys = new long[(int) Math.min(2L * left.length + 2, MOST_WORDS)];
    size = 0;
    Arrays.stream(left).forEach(this::add);
  }

  /** Returns the index of a key, or the index where it belongs. */
  private int find(long key) {
    int at = (int) (((SplitMix.mix(key) >>> Integer.SIZE) * keys.length) >>> Integer.SIZE);
    while (keys[at] != NONE && keys[at] != key) {
      at = after(at);
    }
    return at;
  }

  private int after(int at) {
    return (at + 1 < keys.length) ? at + 1 : 0;
  }
}
