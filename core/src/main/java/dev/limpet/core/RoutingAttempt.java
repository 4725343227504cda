package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * The state of a session while one request is routed.
 *
 * @param affinity the position of the affinity that has the session
 * @param key the session's key, or none
 * @param balanceKey the key for the balancer if the session has none, or none
 * @param failed the previous route of this request, which failed, or null
 * @param failure the reason why it failed; null if and only if no route failed
 * @param found the name that the session was bound to before this request changed anything, or null
 * @param admitted whether the affinity admitted the session, so that the admission must be ended
 */
record RoutingAttempt(
    int affinity,
    long key,
    long balanceKey,
    @Nullable Route failed,
    @Nullable Reason failure,
    @Nullable String found,
    boolean admitted) {

  /** Makes the state of a session without an admission. */
  RoutingAttempt(
      int affinity,
      long key,
      long balanceKey,
      @Nullable Route failed,
      @Nullable Reason failure,
      @Nullable String found) {
    this(affinity, key, balanceKey, failed, failure, found, false);
  }

  /** {@return the key by which backends are chosen} */
  long choiceKey() {
    return (key != KeyExtractor.NONE) ? key : balanceKey;
  }

  RoutingAttempt withFound(@Nullable String name) {
    return new RoutingAttempt(affinity, key, balanceKey, failed, failure, name, admitted);
  }

  RoutingAttempt asAdmitted() {
    return new RoutingAttempt(affinity, key, balanceKey, failed, failure, found, true);
  }
}
