package dev.limpet.core;

/**
 * Why a request was not simply {@link Outcome#KEPT}. Callers need a default branch: there may be
 * more.
 */
public enum Reason {
  /** The request carries no key. */
  NO_KEY,
  /** The embedder asked to ignore stickiness for this request. */
  IGNORED,
  /** Nothing is known of this session: it is new or, in a table, it has expired. */
  UNKNOWN,
  /** The session's duration has passed. */
  EXPIRED,
  /** The token is dated further in the future than clocks may differ. */
  FUTURE,
  /** The token does not have the form of a token. */
  MALFORMED,
  /** The token was not made with our keys for this pool and cookie. */
  FORGED,
  /** The token names a key that is not in the ring. */
  UNKNOWN_KEY,
  /** The session's backend has left the pool. */
  BACKEND_GONE,
  /** The session's backend is down. */
  BACKEND_DOWN,
  /** The session's backend has no capacity left. */
  BACKEND_FULL,
  /** The embedder could not connect to the backend. See {@link StickyRouter#reroute}. */
  CONNECT_FAILED,
  /** The table holds as many live bindings as it may. */
  TABLE_FULL,
  /** Too many sessions of its kind are new, or bound already. See {@link Affinity#admits}. */
  OVER_QUOTA,
  /** The shared store did not answer in time. */
  STORE_UNAVAILABLE
}
