package dev.limpet.core.table;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The names that bindings lead to, each in a numbered slot while anything is bound to it. A name
 * that nothing is bound to any more gives its slot up when another needs it. Thread-safe.
 */
final class NameTable {
  /*
   * A slot is put into its place before any word has its number, and words are written and read in
   * that order: who has read a word sees the slot of that word, or a later one. So a place is read
   * without an order of its own; a reader that goes back to the word puts a fence between.
   */

  /** The slot of no name. */
  static final int NOBODY = 0;

  private final int slots;
  private final Map<String, Slot> byName = new ConcurrentHashMap<>();
  private volatile Slot[] bySlot = {new Slot(NOBODY, "")};
  private int taken = 1;
  private volatile boolean mayHaveUnused;
  private int lastReused;

  /**
   * Makes slots for names.
   *
   * @param slots how many slots there are, {@link #NOBODY} among them
   */
  NameTable(int slots) {
    this.slots = slots;
  }

  /**
   * {@return the slot of a name, for one more use of it; null if all slots are those of names in
   * use}
   */
  @Nullable
  Slot use(String name) {
    Slot slot = byName.get(name);
    return (slot != null && slot.use()) ? slot : useNew(name);
  }

  /** {@return the slot of a name; null if it has none, and so no use} */
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

  /**
   * {@return what is in the slot with a number; another object whenever it has come to be
   * another's}
   */
  Slot at(int number) {
    return bySlot[number];
  }

  /** {@return how many uses there are of all names} */
  long uses() {
    return byName.values().stream().mapToLong(Slot::uses).sum();
  }

  private synchronized @Nullable Slot useNew(String name) {
    Slot present = byName.get(name);
    if (present != null && present.use()) {
      return present;
    }
    int number = (taken < slots) ? taken++ : unused();
    if (number == NOBODY) {
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

  /** {@return the slot of a name that is not in use, and never will be again; or that of nobody} */
  private int unused() {
    if (!mayHaveUnused) {
      return NOBODY;
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
    return NOBODY;
  }

  /** A name in its slot, until the slot is given to another. */
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

    /** {@return whether the name is in use now: not if the slot is being given to another} */
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
