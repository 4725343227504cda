/** A reverse proxy for HTTP and TCP with sticky sessions, built on Limpet and Vert.x. */
@NullMarked
package dev.limpet.examples.gateway;

import org.jspecify.annotations.NullMarked;
