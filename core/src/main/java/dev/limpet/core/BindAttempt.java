package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * A binding to be tried.
 *
 * @param session whose binding
 * @param pool the backends that the candidate was chosen from
 * @param expected the name that the session is bound to as far as is known, or null
 * @param candidate whom to bind it to
 * @param byHash whether the candidate is the rendezvous choice of the key
 * @param outcome what to answer if it succeeds
 * @param reason why the session is to be bound
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

  /** {@return the same for another candidate, who is the rendezvous choice of the key} */
  BindAttempt withChoice(Member choice, PoolSnapshot from) {
    return new BindAttempt(session, from, expected, choice, true, outcome, reason);
  }

  /** {@return the same, expecting another name} */
  BindAttempt withExpected(@Nullable String name) {
    return new BindAttempt(session, pool, name, candidate, byHash, outcome, reason);
  }
}
