/**
 * Sticky tables that a fleet of proxies shares.
 *
 * <p>{@link SharedTable} caches what this process knows, and shares it in a {@link BindingStore},
 * such as that of {@code limpet-redis}. The store is a hint, never a promise: every call has a
 * deadline, and without an answer a session is served by what this process knows of it, or else by
 * the rendezvous choice of its key.
 */
@NullMarked
package dev.limpet.shared;

import org.jspecify.annotations.NullMarked;
