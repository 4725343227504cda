package dev.limpet.l4;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses as a socket would hand them out: without a name. */
final class Addresses {
  private Addresses() {}

  /** Returns the address of a literal. */
  static InetAddress ip(String literal) {
    try {
      return InetAddress.getByAddress(InetAddress.getByName(literal).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }

  /** Returns an IPv6 address that stays one even if it is IPv4-mapped. */
  static InetAddress ipv6(byte[] bytes, int zone) {
    try {
      return Inet6Address.getByAddress(null, bytes, zone);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Returns {@code ::ffff:a.b.c.d} as an IPv6 address. */
  static InetAddress mapped(InetAddress ipv4) {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    System.arraycopy(ipv4.getAddress(), 0, bytes, 12, 4);
    return ipv6(bytes, -1);
  }

  /** Returns the address under a name that nothing can resolve. */
  static InetAddress named(String name, InetAddress address) {
    try {
      return InetAddress.getByAddress(name, address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Returns whether somebody asked the address for its name: the JDK keeps what it found, or the
   * literal if it found nothing, and shows it.
   */
  static boolean wasLookedUp(InetAddress address) {
    return !address.toString().startsWith("/");
  }
}
