package dev.limpet.vertx.internal.net;

import dev.limpet.core.internal.IpLiteral;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses of peers, without a name lookup. */
public final class Addresses {

  private Addresses() {}

  /**
   * Returns the client's address: the one in the PROXY header, or else that of the peer. Null if it
   * has none, as with a Unix domain socket.
   */
  public static @Nullable InetAddress client(NetSocket socket) {
    return inet(socket.remoteAddress());
  }

  /**
   * Returns the client's address: the one in the PROXY header, or else that of the peer. Null if it
   * has none, as with a Unix domain socket.
   */
  public static @Nullable InetAddress client(HttpConnection connection) {
    return inet(connection.remoteAddress());
  }

  /** Returns the text of {@link #client}, as {@link #text} writes it; null if it has none. */
  public static @Nullable String clientText(HttpConnection connection) {
    SocketAddress peer = connection.remoteAddress();
    String text = (peer == null) ? null : peer.hostAddress();
    if (text != null && NetUtil.isValidIpV4Address(text)) {
      return text;
    }
    InetAddress address = inet(peer);
    return (address == null) ? null : text(address);
  }

  /**
   * Returns the address that a text spells; null if it is no address. An IPv4-mapped IPv6 address
   * becomes its IPv4 address.
   */
  public static @Nullable InetAddress literal(String text) {
    byte[] bytes = IpLiteral.bytes(text, 0, text.length());
    return (bytes == null) ? null : IpLiteral.address(bytes);
  }

  /**
   * Returns the text of an address. An IPv6 address is written as RFC 5952 recommends; an
   * IPv4-mapped one is written as its IPv4 address. Zone ids are left out.
   */
  public static String text(InetAddress address) {
    return NetUtil.toAddressString(IpLiteral.address(IpLiteral.unmapped(address.getAddress())));
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

  static @Nullable InetAddress inet(@Nullable SocketAddress peer) {
    String text = (peer == null) ? null : peer.hostAddress();
    return (text == null) ? null : literal(withoutZone(text));
  }

  /** Removes the zone, which the JDK appends to a link-local address. */
  private static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return (zone < 0) ? text : text.substring(0, zone);
  }
}
