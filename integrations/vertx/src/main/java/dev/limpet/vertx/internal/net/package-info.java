/** What proxies share: addresses, client connections, PROXY headers and health checks. */
@NullMarked
package dev.limpet.vertx.internal.net;

import org.jspecify.annotations.NullMarked;
