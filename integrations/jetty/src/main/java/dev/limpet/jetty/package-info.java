/** Sticky sessions in the proxy of Jetty: {@link dev.limpet.jetty.StickyProxyHandler}. */
@NullMarked
package dev.limpet.jetty;

import org.jspecify.annotations.NullMarked;
