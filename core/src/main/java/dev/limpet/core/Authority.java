package dev.limpet.core;

import dev.limpet.core.internal.PercentEncoding;

/** Formats a host and a port as the authority of a URI. */
final class Authority {
  private Authority() {}

  static String of(String host, int port) {
    return (isIpv6(host) ? '[' + zoneEncoded(withoutBrackets(host)) + ']' : host) + ':' + port;
  }

  /** Neither a name nor an IPv4 address has a colon. */
  private static boolean isIpv6(String host) {
    return host.indexOf(':') >= 0;
  }

  private static String withoutBrackets(String host) {
    return (host.startsWith("[") && host.endsWith("]"))
        ? host.substring(1, host.length() - 1)
        : host;
  }

  private static String zoneEncoded(String address) {
    int zone = address.indexOf('%') + 1;
    return (zone == 0)
        ? address
        : address.substring(0, zone) + "25"
            + PercentEncoding.encoded(
                PercentEncoding.utf8(address.substring(zone)), PercentEncoding::isUnreserved);
  }
}
