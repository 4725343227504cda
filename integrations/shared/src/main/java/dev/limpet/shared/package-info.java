/**
 * Sticky tables that a fleet of proxies shares.
 *
 * <p>A {@link SharedTable} caches the bindings that this process knows, and shares them in a {@link
 * BindingStore}, such as that of {@code limpet-redis}. The store is a hint, not a guarantee. Every
 * call has a deadline; without an answer, a session is served by its binding in this process, or
 * else by the rendezvous choice of its key.
 */
@NullMarked
package dev.limpet.shared;

import org.jspecify.annotations.NullMarked;
