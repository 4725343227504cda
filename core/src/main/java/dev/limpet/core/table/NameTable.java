package dev.limpet.core.table;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names that bindings refer to. Each has a numbered name slot while it is in use. A name slot
 * that is no longer in use is given to another name that needs one. Thread-safe.
 */
final class NameTable {
  /*
   * A name is put into its slot before any word contains the slot's number, and words are written
   * and read in that order. So a thread that has read a word sees the name of that word, or a later
   * one. The array can therefore be read without ordering of its own; a reader that returns to the
   * word puts a fence between the two.
   *
   * A use is counted before the slot's mark is read, and a slot is marked before its uses are
   * summed. So a use that the sum misses sees the mark. The same thread ends it, in the same
   * counter, and begins it again under the lock.
   */

  /** The slot of no name. */
  static final int NO_NAME = 0;

  private final int slots;
  private final Map<String, Slot> byName = new ConcurrentHashMap<>();
  private volatile Slot[] bySlot = {new Slot(NO_NAME, "", new UseCounts())};
  private int taken = 1;
  private volatile boolean mayHaveUnused = true;
  private int lastReused;

  /**
   * Makes empty slots.
   *
   * @param slots the number of slots, including {@link #NO_NAME}
   */
  NameTable(int slots) {
    this.slots = slots;
  }

  /**
   * Returns the slot of a name and counts one more use of it; null if all slots belong to names in
   * use.
   */
  @Nullable
  Slot use(String name) {
    Slot slot = byName.get(name);
    if (slot == null) {
      return useNew(name);
    }
    slot.use();
    if (!slot.retired) {
      return slot;
    }
    release(slot);
    return useNew(name);
  }

  /** {@return the slot of a name; null if it has none, and so is not in use} */
  @Nullable
  Slot find(String name) {
    return byName.get(name);
  }

  /** Ends a use. */
  void release(Slot slot) {
    slot.release();
    if (!mayHaveUnused && slot.uses() == 0) {
      mayHaveUnused = true;
    }
  }

  /** {@return the slot with a number} Once it is given to another name, this is another object. */
  Slot at(int number) {
    return bySlot[number];
  }

  /** {@return the number of uses of all names; inexact while they change, but never negative} */
  long uses() {
    return Math.max(0, byName.values().stream().mapToLong(Slot::uses).sum());
  }

  private synchronized @Nullable Slot useNew(String name) {
    Slot slot = byName.get(name);
    if (slot == null) {
      slot = make(name);
    }
    if (slot != null) {
      slot.use();
    }
    return slot;
  }

  private @Nullable Slot make(String name) {
    int number = (taken < slots) ? taken++ : retireUnused();
    if (number == NO_NAME) {
      return null;
    }
    Slot slot = new Slot(number, name, counts(number));
    put(slot);
    return slot;
  }

  private UseCounts counts(int number) {
    return (number % UseCounts.SLOTS == 0) ? new UseCounts() : at(number - 1).counts;
  }

  private void put(Slot slot) {
    if (slot.number() == bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.min(2 * bySlot.length, slots));
    }
    bySlot[slot.number()] = slot;
    byName.put(slot.name(), slot);
  }

  /**
   * Takes a slot from a name that is not in use, for good. Returns its number, or {@link #NO_NAME}
   * if all names are in use.
   */
  private int retireUnused() {
    if (!mayHaveUnused) {
      return NO_NAME;
    }
    mayHaveUnused = false;
    for (int tried = 1; tried < slots; tried++) {
      lastReused = lastReused % (slots - 1) + 1;
      Slot slot = at(lastReused);
      if (slot.retire()) {
        byName.remove(slot.name());
        mayHaveUnused = true;
        return lastReused;
      }
    }
    return NO_NAME;
  }

  /** A name in its slot, until the slot is given to another name. */
  static final class Slot {
    private final int number;
    private final String name;
    private final UseCounts counts;
    private volatile boolean retired;

    private Slot(int number, String name, UseCounts counts) {
      this.number = number;
      this.name = name;
      this.counts = counts;
    }

    int number() {
      return number;
    }

    String name() {
      return name;
    }

    int uses() {
      return counts.sum(number);
    }

    private void use() {
      counts.add(number, 1);
    }

    private void release() {
      counts.add(number, -1);
    }

    /** Marks the slot as given away, for good, unless it is in use. Returns whether it did. */
    private boolean retire() {
      retired = true;
      retired = uses() == 0;
      return retired;
    }
  }
}
