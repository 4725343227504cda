package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * A binding to be tried.
 *
 * @param pool the backends that the candidate was chosen from
 * @param key the session's key
 * @param expected the name that the session was found bound to, or null
 * @param candidate whom to bind it to
 * @param byHash whether the candidate is the rendezvous choice of the key
 * @param outcome what to answer if it succeeds
 * @param reason why the session is to be bound
 * @param failed the route of this request that failed before, or null
 * @param found the name that the request first found the session bound to, or null
 */
record Proposal(
    PoolSnapshot pool,
    long key,
    @Nullable String expected,
    Member candidate,
    boolean byHash,
    Outcome outcome,
    @Nullable Reason reason,
    @Nullable Route failed,
    @Nullable String found)
    implements Step {}
