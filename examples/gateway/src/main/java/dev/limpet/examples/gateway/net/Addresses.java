package dev.limpet.examples.gateway.net;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses of peers, without a name lookup. */
public final class Addresses {

  private Addresses() {}

  /** The client's address: the one that a PROXY header names, else the peer's. */
  public static InetAddress client(NetSocket socket) {
    return first(socket.remoteAddress(), socket.remoteAddress(true));
  }

  /** The client's address: the one that a PROXY header names, else the peer's. */
  public static InetAddress client(HttpConnection connection) {
    return first(connection.remoteAddress(), connection.remoteAddress(true));
  }

  /** Reads an IP literal. Null if it is none. */
  static @Nullable InetAddress literal(@Nullable String text) {
    byte[] bytes = text == null ? null : NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  // A PROXY header may name a socket of the UNIX family, which has no IP address.
  private static InetAddress first(@Nullable SocketAddress named, SocketAddress peer) {
    InetAddress address = named == null ? null : literal(named.hostAddress());
    return address != null ? address : inet(peer);
  }

  private static InetAddress inet(SocketAddress peer) {
    InetAddress address = literal(peer.hostAddress());
    if (address == null) {
      throw new IllegalArgumentException("peer: " + peer + " (expected: an IP address)");
    }
    return address;
  }
}
