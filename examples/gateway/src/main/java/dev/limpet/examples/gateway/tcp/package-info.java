/** TCP listeners: each connection is routed once, with one attempt at a time. */
@NullMarked
package dev.limpet.examples.gateway.tcp;

import org.jspecify.annotations.NullMarked;
