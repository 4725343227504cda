package dev.limpet.vertx.internal.backend;

import dev.limpet.vertx.BackendTls;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a connection: a request may use the connection of another only if both sent it
 * to the same peer.
 *
 * @param address its address
 * @param tls what was verified of it; null if the connection is not encrypted
 */
record Peer(SocketAddress address, @Nullable BackendTls tls) {}
