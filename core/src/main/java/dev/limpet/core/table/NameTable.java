package dev.limpet.core.table;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
   */

  /** The slot of no name. */
  static final int NO_NAME = 0;

  private final int slots;
  private final Map<String, Slot> byName = new ConcurrentHashMap<>();
  private volatile Slot[] bySlot = {new Slot(NO_NAME, "")};
  private int taken = 1;
  private volatile boolean mayHaveUnused;
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
    return (slot != null && slot.use()) ? slot : useNew(name);
  }

  /** {@return the slot of a name; null if it has none, and so is not in use} */
  @Nullable
  Slot find(String name) {
    return byName.get(name);
  }

  /** Ends a use. */
  void release(Slot slot) {
    if (slot.release()) {
      mayHaveUnused = true;
    }
  }

  /** {@return the slot with a number} Once it is given to another name, this is another object. */
  Slot at(int number) {
    return bySlot[number];
  }

  /** {@return the number of uses of all names} */
  long uses() {
    return byName.values().stream().mapToLong(Slot::uses).sum();
  }

  private synchronized @Nullable Slot useNew(String name) {
    Slot present = byName.get(name);
    if (present != null && present.use()) {
      return present;
    }
    int number = (taken < slots) ? taken++ : retireUnused();
    if (number == NO_NAME) {
      return null;
    }
    Slot slot = new Slot(number, name);
    slot.use();
    put(slot);
    byName.put(name, slot);
    return slot;
  }

  private void put(Slot slot) {
    if (slot.number() == bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.min(2 * bySlot.length, slots));
    }
    bySlot[slot.number()] = slot;
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
    private static final int RETIRED = -1;

    private final int number;
    private final String name;
    private final AtomicInteger uses = new AtomicInteger();

    Slot(int number, String name) {
      this.number = number;
      this.name = name;
    }

    int number() {
      return number;
    }

    String name() {
      return name;
    }

    int uses() {
      return Math.max(uses.get(), 0);
    }

    /** Counts a use. Returns false if the slot is being given to another name. */
    private boolean use() {
      return uses.getAndUpdate(n -> (n == RETIRED) ? n : n + 1) != RETIRED;
    }

    private boolean release() {
      return uses.decrementAndGet() == 0;
    }

    private boolean retire() {
      return uses.compareAndSet(0, RETIRED);
    }
  }
}
