package dev.limpet.vertx.internal.net;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of a client's connection, without what a PROXY header says. No two connections have the
 * same at a time.
 */
public record ClientEnds(String client, int clientPort, String server, int serverPort) {

  /** Returns the ends of a connection; null if it has none, as with a Unix domain socket. */
  public static @Nullable ClientEnds of(Channel accepted) {
    return (accepted.remoteAddress() instanceof InetSocketAddress client
            && accepted.localAddress() instanceof InetSocketAddress server)
        ? new ClientEnds(
            client.getAddress().getHostAddress(),
            client.getPort(),
            server.getAddress().getHostAddress(),
            server.getPort())
        : null;
  }

  /** Returns the ends of a connection; null if it has none, as with a Unix domain socket. */
  public static @Nullable ClientEnds of(HttpConnection connection) {
    SocketAddress client = connection.remoteAddress(true);
    SocketAddress server = connection.localAddress(true);
    return (client == null
            || server == null
            || client.hostAddress() == null
            || server.hostAddress() == null)
        ? null
        : new ClientEnds(client.hostAddress(), client.port(), server.hostAddress(), server.port());
  }
}
