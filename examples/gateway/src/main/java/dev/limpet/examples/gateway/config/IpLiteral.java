package dev.limpet.examples.gateway.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses as text, without brackets and zone ids. Nothing here asks a name server. */
public final class IpLiteral {
  private static final Pattern PLAIN = Pattern.compile("[0-9a-fA-F:.]+");

  private IpLiteral() {}

  /**
   * Returns the address, or null if the text is none. An IPv4-mapped IPv6 address is the IPv4 address.
   *
   * @param text an address such as {@code 10.0.0.1} or {@code ::1}
   */
  public static @Nullable InetAddress parse(String text) {
    byte[] bytes =
        PLAIN.matcher(text).matches() ? NetUtil.createByteArrayFromIpAddressString(text) : null;
    return (bytes == null) ? null : address(bytes);
  }

  /** Returns the address of 4 or 16 bytes. */
  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
    }
  }
}
