package dev.limpet.examples.gateway.net;

import dev.limpet.examples.gateway.config.IpLiteral;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of peers, without a name lookup. */
public final class Addresses {

  private Addresses() {}

  /** Returns the client's address: the one in the PROXY header, or else that of the peer. */
  public static InetAddress client(NetSocket socket) {
    return inet(socket.remoteAddress());
  }

  /** Returns the client's address: the one in the PROXY header, or else that of the peer. */
  public static InetAddress client(HttpConnection connection) {
    return inet(connection.remoteAddress());
  }

  /** Returns the address of 4 or 16 bytes. An IPv4-mapped IPv6 address stays one. */
  static InetAddress literally(byte[] bytes) {
    try {
      return (bytes.length == Integer.BYTES)
          ? InetAddress.getByAddress(bytes)
          : Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
    }
  }

  static InetAddress inet(SocketAddress peer) {
    String text = peer.hostAddress();
    InetAddress address = (text == null) ? null : IpLiteral.parse(withoutZone(text));
    if (address == null) {
      throw new IllegalArgumentException("peer: " + peer + " (expected: an IP address)");
    }
    return address;
  }

  /** Removes the zone, which the JDK appends to a link-local address. */
  private static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return (zone < 0) ? text : text.substring(0, zone);
  }
}
