package dev.limpet.core;

/**
 * The way in which a backend failed a request. A request that the client cancelled has no such
 * kind. Callers need a default branch, because values may be added.
 */
public enum FailureKind {
  /** No connection could be opened. Nothing of the request was sent. */
  CONNECT,
  /** A connection was closed or reset before the first byte of the response. */
  RESET_BEFORE_RESPONSE,
  /** The backend did not respond in the time that the embedder allows. */
  TIMEOUT,
  /** The response had a status that counts as a failure. See {@link PassiveHealth}. */
  STATUS
}
