/** What listeners share: event loops, addresses, PROXY headers and health checks. */
@NullMarked
package dev.limpet.examples.gateway.net;

import org.jspecify.annotations.NullMarked;
