package dev.limpet.examples.gateway.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port. Neither is looked up. An address is normalized to one spelling, so all later
 * code makes the same address of it.
 *
 * @param host a name, or an address as {@link IpLiteral#text} writes it, without brackets
 * @param port 1..65535
 */
record HostPort(String host, int port) {
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*\\.?");
  private static final Pattern NUMERIC_END =
      Pattern.compile("(.*\\.)?([0-9]+|0[Xx][0-9A-Fa-f]*)\\.?");
  private static final int MAX_NAME_LENGTH = 253;
  private static final int MAX_PORT = 65_535;

  /**
   * Reads {@code name:port}, {@code 192.0.2.1:port} or {@code [2001:db8::1]:port}; returns null for
   * any other text.
   */
  static @Nullable HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT) {
      return null;
    }
    String literal = text.substring(0, colon);
    String host = literal.contains(":") && !isBracketed(literal) ? null : host(literal);
    return (host == null) ? null : new HostPort(host, Integer.parseInt(port));
  }

  /**
   * Reads a name or an address, an IPv6 address with or without brackets; returns null for any
   * other text.
   */
  static @Nullable String host(String text) {
    if (isBracketed(text)) {
      String inner = text.substring(1, text.length() - 1);
      return inner.contains(":") ? literal(inner) : null;
    }
    return isName(text) ? text : literal(text);
  }

  private static @Nullable String literal(String text) {
    InetAddress address = IpLiteral.parse(text);
    return (address == null) ? null : IpLiteral.text(address);
  }

  /** Returns the one spelling of a host and a port, however they were written. */
  static String canonical(String host, int port) {
    String address = literal(host);
    String name = (address != null) ? address : host.toLowerCase(Locale.ROOT);
    return name.contains(":") ? '[' + name + "]:" + port : name + ':' + port;
  }

  private static boolean isBracketed(String text) {
    return text.startsWith("[") && text.endsWith("]") && text.length() > 2;
  }

  private static boolean isName(String text) {
    return text.length() <= MAX_NAME_LENGTH
        && NAME.matcher(text).matches()
        && !NUMERIC_END.matcher(text).matches();
  }
}
