/** A sticky TCP proxy on Netty. */
@NullMarked
package dev.limpet.examples.netty;

import org.jspecify.annotations.NullMarked;
