package dev.limpet.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The load of a backend: the number of its connections that routes hold, in a pool that counts
 * connections. It stays the same object as long as the pool knows the backend's name. Safe for use
 * by many threads at once.
 *
 * @see PoolBuilder#countConnections
 */
public final class Load {
  private static final VarHandle CONNECTIONS;
  private static final VarHandle OWES_TURN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CONNECTIONS = lookup.findVarHandle(Load.class, "connections", int.class);
      OWES_TURN = lookup.findVarHandle(Load.class, "owesTurn", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int connections;
  private volatile boolean owesTurn;

  Load() {}

  /** {@return the number of connections that routes hold} */
  public int connections() {
    return connections;
  }

  /** Returns whether the number of connections has reached a limit; 0 for no limit. */
  boolean isFull(int limit) {
    return limit > 0 && connections >= limit;
  }

  /** Acquires a connection within a limit; 0 for no limit. Returns whether it did. */
  boolean acquire(int limit) {
    int held = connections;
    while (limit == 0 || held < limit) {
      if (CONNECTIONS.compareAndSet(this, held, held + 1)) {
        return true;
      }
      held = connections;
    }
    return false;
  }

  void release() {
    CONNECTIONS.getAndAdd(this, -1);
  }

  /** Records that the backend served a request outside its turns. */
  void charge() {
    if (!owesTurn) {
      owesTurn = true;
    }
  }

  /**
   * Returns whether such a request is recorded, and clears the record. If so, skip the backend's
   * turn.
   */
  boolean pay() {
    return owesTurn && OWES_TURN.compareAndSet(this, true, false);
  }

  /** {@return the number of connections that routes hold} */
  @Override
  public String toString() {
    return connections + " connections";
  }
}
