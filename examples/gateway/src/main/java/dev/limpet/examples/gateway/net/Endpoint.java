package dev.limpet.examples.gateway.net;

import dev.limpet.examples.gateway.config.Cidr;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address and the settings of a listening socket.
 *
 * @param host the local address
 * @param port the local port; a negative number, different for each listener, picks a free one
 * @param tls the certificate and its key, or null for plain text
 * @param proxyProtocol the senders that must begin with a PROXY header; if there are any, all other
 *     senders are closed
 * @param trustedProxies the peers of HTTP that are believed what they say of clients
 * @param clientTimeout how long an HTTP client may have no request under way; null for other
 *     protocols
 */
public record Endpoint(
    String host,
    int port,
    @Nullable PemKeyCertOptions tls,
    List<Cidr> proxyProtocol,
    List<Cidr> trustedProxies,
    @Nullable Duration clientTimeout) {

  /** Returns whether connections begin with a PROXY header. */
  public boolean usesProxyProtocol() {
    return !proxyProtocol.isEmpty();
  }
}
