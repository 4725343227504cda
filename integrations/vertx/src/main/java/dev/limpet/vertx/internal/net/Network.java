package dev.limpet.vertx.internal.net;

import io.vertx.core.Vertx;

/**
 * How all connections to backends are made.
 *
 * @param vertx the event loops
 * @param addresses the addresses of the backends
 * @param tls the contexts of TLS toward backends
 */
public record Network(Vertx vertx, BackendAddresses addresses, TlsContexts tls) {}
