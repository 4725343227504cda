package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * The next step is to bind a session.
 *
 * @param session the session
 * @param pool the backends that the candidate was chosen from
 * @param expected the name that the session is bound to as far as is known; null if it is not bound
 * @param candidate the member to bind it to
 * @param byHash whether the candidate is the rendezvous choice of the key
 * @param outcome the outcome of the route if this succeeds
 * @param reason the reason of that outcome
 */
record BindAttempt(
    RoutingAttempt session,
    PoolSnapshot pool,
    @Nullable String expected,
    Member candidate,
    boolean byHash,
    Outcome outcome,
    @Nullable Reason reason)
    implements NextStep {

  /** {@return a copy with another candidate, which is the rendezvous choice of the key} */
  BindAttempt withChoice(Member choice, PoolSnapshot from) {
    return new BindAttempt(session, from, expected, choice, true, outcome, reason);
  }

  /** {@return a copy that expects another name} */
  BindAttempt withExpected(@Nullable String name) {
    return new BindAttempt(session, pool, name, candidate, byHash, outcome, reason);
  }
}
