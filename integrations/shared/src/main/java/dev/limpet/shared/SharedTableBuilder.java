package dev.limpet.shared;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link SharedTable}, for the builder of an affinity: {@code
 * .table(SharedTable.builder(store)::build)}. Not for use by several threads at once.
 */
public final class SharedTableBuilder {
  private final BindingStore store;
  private long capacity = KeyAffinity.DEFAULT_CAPACITY;
  private @Nullable SharedTable previous;

  SharedTableBuilder(BindingStore store) {
    this.store = requireNonNull(store, "store");
  }

  /**
   * Sets how many sessions this process caches. For other sessions, it asks the store each time.
   * The table allocates 16 bytes per session when it is made, and about 130 more for each cached
   * session that was moved or has a maximum duration. Default {@link KeyAffinity#DEFAULT_CAPACITY}.
   *
   * @param capacity 1..{@link CompactStickyTable#MAX_CAPACITY}
   * @return this builder
   * @throws FaultException if the capacity is out of range
   */
  public SharedTableBuilder capacity(long capacity) {
    if (capacity < 1 || capacity > CompactStickyTable.MAX_CAPACITY) {
      throw new FaultException(
          Fault.of("capacity", capacity, "1.." + CompactStickyTable.MAX_CAPACITY));
    }
    this.capacity = capacity;
    return this;
  }

  /**
   * Makes the table begin with the live bindings that another table knows, for a change of
   * durations while sessions use that one. So this process can serve them while the store does not
   * answer, and the store is told of the next use of each. The other table still reports its own
   * pending changes to the store. Default: the table begins empty.
   *
   * @param previous a table of the same store, with the same capacity and environment
   * @return this builder
   */
  public SharedTableBuilder continuing(SharedTable previous) {
    this.previous = requireNonNull(previous, "previous");
    return this;
  }

  /**
   * {@return the table}
   *
   * @param session how the pool's sessions stick: the same at all proxies
   * @param environment the affinity's, with the same secret at all proxies
   * @throws IllegalArgumentException if a duration is not in 1 ns..365 days, or the previous table
   *     has another capacity or clock
   */
  public SharedTable build(StickySession session, Environment environment) {
    return new SharedTable(store, session, environment, capacity, previous);
  }
}
