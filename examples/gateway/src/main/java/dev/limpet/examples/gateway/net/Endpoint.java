package dev.limpet.examples.gateway.net;

import dev.limpet.examples.gateway.config.Cidr;
import dev.limpet.vertx.ClientGuard;
import io.vertx.core.net.NetServerOptions;
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
 * @param clientTimeout how long an HTTP client may have no request under way; null for other
 *     protocols
 */
public record Endpoint(
    String host,
    int port,
    @Nullable PemKeyCertOptions tls,
    List<Cidr> proxyProtocol,
    @Nullable Duration clientTimeout) {

  /** Puts the address into the options of a server, and what is checked of its clients. */
  public <O extends NetServerOptions> O applyTo(O options, ClientGuard guard) {
    options.setHost(host).setPort(port);
    if (clientTimeout != null) {
      guard.clientTimeout(options, clientTimeout);
    }
    if (!proxyProtocol.isEmpty()) {
      guard.proxyProtocol(options, texts(proxyProtocol));
    }
    return options;
  }

  private static List<String> texts(List<Cidr> blocks) {
    return blocks.stream().map(Cidr::toString).toList();
  }
}
