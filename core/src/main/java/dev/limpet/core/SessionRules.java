package dev.limpet.core;

/**
 * The rules for the sessions of one affinity while their backends cannot serve them.
 *
 * @param failover how a session is served if its backend is in the pool
 * @param endsWithBackend whether a session cannot continue once its backend has left the pool
 */
record SessionRules(Failover failover, boolean endsWithBackend) {

  /** Returns whether a session is refused if its backend has left the pool. */
  boolean refusesGone() {
    return endsWithBackend && failover == Failover.STRICT;
  }
}
