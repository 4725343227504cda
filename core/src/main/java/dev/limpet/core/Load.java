package dev.limpet.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How busy a backend is: the connections that routes hold of it, in a pool that counts them. One
 * object for as long as a pool knows the backend's name, whatever else of it changes. Safe for use
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

  /** {@return how many connections are held} */
  public int connections() {
    return connections;
  }

  /** {@return whether one more would be more than a limit; 0 for no limit} */
  boolean isFull(int limit) {
    return limit > 0 && connections >= limit;
  }

  /** {@return whether there was one to be had within a limit; 0 for no limit} */
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

  /** Notes that the backend was sent a request without a turn. */
  void charge() {
    if (!owesTurn) {
      owesTurn = true;
    }
  }

  /** {@return whether the backend owed a turn, which it has paid now: pass over it once} */
  boolean pay() {
    return owesTurn && OWES_TURN.compareAndSet(this, true, false);
  }

  /** {@return how many connections are held} */
  @Override
  public String toString() {
    return connections + " connections";
  }
}
