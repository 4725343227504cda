/** Three gateways that share their sessions in Redis, while Redis comes and goes. */
@NullMarked
package dev.limpet.examples.fleet;

import org.jspecify.annotations.NullMarked;
