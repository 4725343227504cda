/** TCP listeners: one connection and its attempts at a time. */
@NullMarked
package dev.limpet.examples.gateway.tcp;

import org.jspecify.annotations.NullMarked;
