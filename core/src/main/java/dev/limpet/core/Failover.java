package dev.limpet.core;

/**
 * Defines how a bound session is served while its backend cannot serve it, because it is down, at
 * capacity or refuses the connection. Callers need a default branch, because values may be added.
 */
public enum Failover {
  /** Binds the session to another backend. It stays there when its first backend is back. */
  MOVE,
  /**
   * Serves the session by another backend and keeps its binding, so the session returns when its
   * own backend is back.
   */
  LEND,
  /**
   * Refuses the request and keeps the binding. A session whose backend was removed from the pool is
   * bound to another one nevertheless.
   */
  STRICT
}
