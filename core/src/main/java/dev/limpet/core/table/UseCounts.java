package dev.limpet.core.table;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts the uses of a few name slots whose numbers follow each other. Thread-safe.
 *
 * <p>Threads that bind to one name at the same time would contend for one counter. So each name has
 * several, and a thread always changes the same one. Only the sum of a name's counters has a
 * meaning: a use that one thread began may be ended by another. What different threads change lies
 * apart in memory.
 */
final class UseCounts {
  /** How many name slots have their counters here. */
  static final int SLOTS = 32;

  private static final int STRIPES = 8;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(STRIPES * SLOTS);

  void add(int slot, int uses) {
    int stripe = (int) Thread.currentThread().getId() & (STRIPES - 1);
    counts.getAndAdd(index(slot, stripe), uses);
  }

  /**
   * {@return the uses of a slot} A use that begins or ends during the call may count or not; one
   * that lasts throughout always counts.
   */
  int sum(int slot) {
    int sum = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      sum += counts.get(index(slot, stripe));
    }
    return sum;
  }

  private static int index(int slot, int stripe) {
    return stripe * SLOTS + slot % SLOTS;
  }
}
