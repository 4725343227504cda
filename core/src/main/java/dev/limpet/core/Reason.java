package dev.limpet.core;

/**
 * The reason why a request was not simply {@link Outcome#KEPT}. Callers need a default branch,
 * because values may be added.
 */
public enum Reason {
  /** The request carries no key. */
  NO_KEY,
  /** The request carries a key that cannot be used, for example because it is too long. */
  UNUSABLE_KEY,
  /**
   * The embedder asked to ignore stickiness for this request. See {@link
   * StickyRouter#routeUnbound}.
   */
  IGNORED,
  /** The session is unknown: it is new or, in a table, it has expired. */
  UNKNOWN,
  /** The session has expired. */
  EXPIRED,
  /** The token is dated further in the future than clocks may differ (60 seconds). */
  FUTURE,
  /** The cookie's value does not have the format of a token. */
  MALFORMED,
  /** The token was not made with these keys for this pool and cookie. */
  FORGED,
  /** The token was made with a key that is not in the ring. */
  UNKNOWN_KEY,
  /** The session's backend is no longer in the pool. */
  BACKEND_GONE,
  /** The session's backend is down. */
  BACKEND_DOWN,
  /** The session's backend is ejected, because requests to it failed. See {@link PassiveHealth}. */
  BACKEND_EJECTED,
  /** The session's backend is at capacity. */
  BACKEND_FULL,
  /** The embedder could not connect to the backend. See {@link StickyRouter#reroute}. */
  CONNECT_FAILED,
  /**
   * The session's backend is in a later tier, and an earlier tier serves again. See {@link
   * RouterBuilder#returnToEarlierTier}.
   */
  EARLIER_TIER,
  /** The table has no free slot. */
  TABLE_FULL,
  /** The session was rejected by a quota of live or new bindings. See {@link Affinity#admits}. */
  OVER_QUOTA,
  /** The shared store did not answer in time. */
  STORE_UNAVAILABLE
}
