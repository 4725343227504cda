package dev.limpet.core;

/**
 * What a {@link Route} did with a request. Every request has exactly one outcome. Callers need a
 * default branch: there may be more.
 */
public enum Outcome {
  /** The session was bound just now. */
  NEW,
  /** The session stays on the backend it is bound to. */
  KEPT,
  /** The session was bound to a backend that cannot serve it, and is now bound to this one. */
  MOVED,
  /**
   * Served elsewhere for now; the session stays bound to its own backend. See {@link
   * Failover#LEND}.
   */
  LENT,
  /** Not stored: the backend is the weighted rendezvous choice of the session's key. */
  HASHED,
  /**
   * The request belongs to no session, or stickiness was ignored; the backend is the balancer's
   * pick.
   */
  UNBOUND,
  /** The session's backend cannot serve and {@link Failover#STRICT} forbids another. No backend. */
  REFUSED,
  /** No backend can serve the request. */
  NO_BACKEND
}
