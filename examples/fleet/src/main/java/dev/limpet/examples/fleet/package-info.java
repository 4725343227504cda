/** Three gateways that share their sessions on Redis, while it comes and goes. */
@NullMarked
package dev.limpet.examples.fleet;

import org.jspecify.annotations.NullMarked;
