package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * A binding of this request to be taken back, because no backend could be reached.
 *
 * @param key the session's key
 * @param expected the name that this request bound the session to
 * @param found the name that the request first found, or null if it found none
 * @param route what to answer then
 */
record Rollback(long key, String expected, @Nullable String found, Route route)
    implements NextStep {}
