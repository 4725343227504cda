package dev.limpet.core;

/**
 * The result of a {@link Route} for its request. Every route has exactly one. Callers need a
 * default branch, because values may be added.
 */
public enum Outcome {
  /** The session is new and is now bound to this backend. */
  NEW,
  /** The session stays on the backend that it is bound to. */
  KEPT,
  /** The session's backend cannot serve it, so the session is now bound to this one. */
  MOVED,
  /**
   * The session's backend cannot serve it, so another backend serves this request. The binding does
   * not change. See {@link Failover#LEND}.
   */
  LENT,
  /**
   * The session fell back to hashing: its backend is the weighted rendezvous choice of its key, and
   * no binding is stored.
   */
  HASHED,
  /**
   * The request belongs to no session, or stickiness was ignored. The balancer picked the backend.
   */
  UNBOUND,
  /**
   * There is no backend, because the session's own cannot serve and {@link Failover#STRICT} forbids
   * another.
   */
  REFUSED,
  /** There is no backend that can serve the request. */
  NO_BACKEND
}
