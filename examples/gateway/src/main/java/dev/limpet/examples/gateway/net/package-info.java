/** What listeners share. */
@NullMarked
package dev.limpet.examples.gateway.net;

import org.jspecify.annotations.NullMarked;
