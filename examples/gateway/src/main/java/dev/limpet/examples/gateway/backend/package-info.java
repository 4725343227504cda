/** Connections to the backends of HTTP listeners, each with one request at a time. */
@NullMarked
package dev.limpet.examples.gateway.backend;

import org.jspecify.annotations.NullMarked;
