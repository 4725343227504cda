/** One HTTP request and its attempts at a time. */
@NullMarked
package dev.limpet.vertx.internal.http;

import org.jspecify.annotations.NullMarked;
