/** A sticky reverse proxy on Jetty. */
@NullMarked
package dev.limpet.examples.jetty;

import org.jspecify.annotations.NullMarked;
