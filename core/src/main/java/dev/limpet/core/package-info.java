/**
 * Routes the requests of one session to one backend.
 *
 * <p>Start at {@link StickyRouter}. It asks an {@link Affinity} which backend a request's session
 * is bound to, and a {@link Pool} whether that backend can serve. Extend it by a {@link
 * KeyExtractor}, an {@link Affinity}, a {@link Balancer} or a {@link StickyTable}. The affinity by
 * a key is in {@code dev.limpet.core.affinity}, the tables are in {@code dev.limpet.core.table}.
 *
 * <p>Nothing here starts a thread or opens a connection. Only saving a table, restoring it and
 * reading cookies need the wall clock of the {@link Environment}.
 */
@NullMarked
package dev.limpet.core;

import org.jspecify.annotations.NullMarked;
