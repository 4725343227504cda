package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * A session within one request.
 *
 * @param key the session's key, or none
 * @param balanceKey the key for the balancer where the session has none, or none
 * @param failed the route of this request that failed before, or null
 * @param failure why it failed; null exactly if none did
 * @param found the name that the session was bound to before this request changed anything, or null
 * @param admitted whether the affinity admitted it, and is to hear when it has been placed
 */
record RoutingAttempt(
    long key,
    long balanceKey,
    @Nullable Route failed,
    @Nullable Reason failure,
    @Nullable String found,
    boolean admitted) {

  /** A session that was not admitted, or needs not be. */
  RoutingAttempt(
      long key,
      long balanceKey,
      @Nullable Route failed,
      @Nullable Reason failure,
      @Nullable String found) {
    this(key, balanceKey, failed, failure, found, false);
  }

  /** {@return the key that backends are chosen by} */
  long choiceKey() {
    return (key != KeyExtractor.NONE) ? key : balanceKey;
  }

  RoutingAttempt withFound(@Nullable String name) {
    return new RoutingAttempt(key, balanceKey, failed, failure, name, admitted);
  }

  RoutingAttempt asAdmitted() {
    return new RoutingAttempt(key, balanceKey, failed, failure, found, true);
  }
}
