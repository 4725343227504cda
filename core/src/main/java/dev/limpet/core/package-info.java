/**
 * Routes the requests of one session to one backend.
 *
 * <p>Start at {@link StickyRouter}. It asks an {@link Affinity} who a request's session is bound to, and a {@link Pool}
 * whether that backend can serve. Extend it by a {@link KeyExtractor}, an {@link Affinity}, a {@link Balancer} or a {@link
 * StickyTable}.
 *
 * <p>Nothing here starts a thread or opens a connection. Only {@linkplain KeyAffinity#save saving} a table and restoring it
 * read the wall clock.
 */
@NullMarked
package dev.limpet.core;

import org.jspecify.annotations.NullMarked;
