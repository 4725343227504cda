/** A sticky reverse proxy on Undertow. */
@NullMarked
package dev.limpet.examples.undertow;

import org.jspecify.annotations.NullMarked;
