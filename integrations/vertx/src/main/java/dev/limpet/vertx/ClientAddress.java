package dev.limpet.vertx;

import dev.limpet.vertx.internal.http.ForwardedClient;
import dev.limpet.vertx.internal.net.Addresses;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a client, for affinities by source address and for balancers. Never looks up
 * a name.
 *
 * <pre>{@code
 * SourceIpAffinity.builder(ClientAddress::of)
 * }</pre>
 */
public final class ClientAddress {

  private ClientAddress() {}

  /**
   * Returns the address of a request's client. If the {@link StickyHttpProxy} that serves the
   * request has trusted proxies, this is what they say in {@code X-Forwarded-For}. Else it is the
   * address in the PROXY header if the server {@linkplain
   * io.vertx.core.net.NetServerOptions#setUseProxyProtocol uses} that protocol, or that of the
   * peer.
   *
   * @param request the request, as the router has it
   * @return the address; null if the client has none, as with a Unix domain socket
   */
  public static @Nullable InetAddress of(HttpServerRequest request) {
    return ForwardedClient.of(request);
  }

  /**
   * Returns the address of a connection's client: the one in the PROXY header if the server uses
   * that protocol, else that of the peer.
   *
   * @param connection the connection
   * @return the address; null if the client has none, as with a Unix domain socket
   */
  public static @Nullable InetAddress of(NetSocket connection) {
    return Addresses.client(connection);
  }
}
