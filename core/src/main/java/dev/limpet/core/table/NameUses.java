package dev.limpet.core.table;

import dev.limpet.core.table.Names.Slot;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Uses of names by a table that is to hold one more. Where all slots are taken, one region after the other is asked to
 * give up what has elapsed: one for each use, so that no call takes long. Thread-safe.
 */
final class NameUses {
  private final Names names;
  private final Region[] regions;
  private final AtomicInteger nextSwept = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  NameUses(Names names, Region[] regions) {
    this.names = names;
    this.regions = regions;
  }

  /** {@return the slot of a name, in use; null if there is none} */
  @Nullable
  Slot begin(String name) {
    Slot slot = names.use(name);
    if (slot != null) {
      return slot;
    }
    regions[Math.floorMod(nextSwept.getAndIncrement(), regions.length)].sweep();
    return names.use(name);
  }

  /** {@return the slot of a name, in use; null if there is none, which counts as refused} */
  @Nullable
  Slot beginOrRefuse(String name) {
    Slot slot = begin(name);
    if (slot == null) {
      refuse();
    }
    return slot;
  }

  /** Counts a use that was not to be had. */
  void refuse() {
    refused.increment();
  }

  /** {@return how many uses were refused} */
  long refused() {
    return refused.sum();
  }
}
