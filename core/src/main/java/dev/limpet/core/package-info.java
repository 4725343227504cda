/**
 * Routes all requests of a session to the same backend.
 *
 * <p>Start with {@link StickyRouter}. It asks an {@link Affinity} which backend a request's session
 * is bound to, and a {@link Pool} whether that backend can serve it. Extension points are {@link
 * KeyExtractor}, {@link Affinity}, {@link Balancer} and {@link StickyTable}. The affinity by key is
 * in {@code dev.limpet.core.affinity}, the tables are in {@code dev.limpet.core.table}.
 *
 * <p>Nothing in this package starts a thread or opens a connection. The wall clock of the {@link
 * Environment} is used only to save and restore tables and to read cookies.
 */
@NullMarked
package dev.limpet.core;

import org.jspecify.annotations.NullMarked;
