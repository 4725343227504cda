/** HTTP listeners. */
@NullMarked
package dev.limpet.examples.gateway.http;

import org.jspecify.annotations.NullMarked;
