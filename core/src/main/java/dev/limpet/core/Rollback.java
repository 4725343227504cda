package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * The next step is to restore a session's earlier binding, because no backend could be reached.
 *
 * @param affinity the position of the affinity that has the session
 * @param key the session's key
 * @param expected the name that this request bound the session to
 * @param found the name that the session was bound to before the request, or null if it was not
 *     bound
 * @param route the route to return after that
 */
record Rollback(
    int affinity, long key, String expected, @Nullable String found, Route route)
    implements NextStep {}
