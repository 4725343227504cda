/** TCP listeners. */
@NullMarked
package dev.limpet.examples.gateway.tcp;

import org.jspecify.annotations.NullMarked;
