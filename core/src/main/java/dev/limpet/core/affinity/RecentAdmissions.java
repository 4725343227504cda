package dev.limpet.core.affinity;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.internal.SplitMix;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * The keys of sessions that were admitted and are not bound yet. If two keys share a slot, only the
 * later one is known; the other is counted again if it asks again. Thread-safe.
 */
final class RecentAdmissions {
  private static final int SLOTS = 1024;

  private final AtomicLongArray keys = new AtomicLongArray(SLOTS);

  void add(long key) {
    keys.set(slot(key), key);
  }

  boolean contains(long key) {
    return keys.get(slot(key)) == key;
  }

  void remove(long key) {
    keys.compareAndSet(slot(key), key, KeyExtractor.NONE);
  }

  int size() {
    return (int)
        IntStream.range(0, SLOTS).filter(i -> keys.get(i) != KeyExtractor.NONE).count();
  }

  private static int slot(long key) {
    return (int) SplitMix.mix(key) & (SLOTS - 1);
  }
}
