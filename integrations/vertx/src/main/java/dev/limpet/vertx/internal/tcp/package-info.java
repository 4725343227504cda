/** TCP connections: each is routed once, with one attempt at a time. */
@NullMarked
package dev.limpet.vertx.internal.tcp;

import org.jspecify.annotations.NullMarked;
