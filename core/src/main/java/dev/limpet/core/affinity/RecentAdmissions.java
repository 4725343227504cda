package dev.limpet.core.affinity;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.internal.SplitMix;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Keys of sessions that were admitted and are not bound yet. Of two that share a place the later
 * one is known: the other counts once more, if it asks once more. Thread-safe.
 */
final class RecentAdmissions {
  private static final int PLACES = 1024;

  private final AtomicLongArray keys = new AtomicLongArray(PLACES);

  void add(long key) {
    keys.set(place(key), key);
  }

  boolean contains(long key) {
    return keys.get(place(key)) == key;
  }

  void remove(long key) {
    keys.compareAndSet(place(key), key, KeyExtractor.NONE);
  }

  int size() {
    return (int)
        IntStream.range(0, PLACES).filter(i -> keys.get(i) != KeyExtractor.NONE).count();
  }

  private static int place(long key) {
    return (int) SplitMix.mix(key) & (PLACES - 1);
  }
}
