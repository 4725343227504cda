/** Connections to backends, each with one HTTP request at a time. */
@NullMarked
package dev.limpet.vertx.internal.backend;

import org.jspecify.annotations.NullMarked;
