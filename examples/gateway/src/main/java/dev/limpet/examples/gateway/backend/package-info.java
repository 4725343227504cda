/** Connections to the backends of HTTP listeners: one request at a time on each. */
@NullMarked
package dev.limpet.examples.gateway.backend;

import org.jspecify.annotations.NullMarked;
