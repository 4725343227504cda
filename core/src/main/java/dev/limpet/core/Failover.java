package dev.limpet.core;

/**
 * What a bound session gets while its backend cannot serve it. Callers need a default branch: there
 * may be more.
 */
public enum Failover {
  /** Binds the session to another backend, for good: it stays there when the first comes back. */
  MOVE,
  /** Serves the session elsewhere and keeps its binding: it returns when its backend comes back. */
  LEND,
  /**
   * Refuses the request. The binding stays. A session whose backend was removed moves all the same.
   */
  STRICT
}
