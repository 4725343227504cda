package dev.limpet.examples.gateway.config;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses as text, without brackets and zone ids. Never asks a name server. */
public final class IpLiteral {
  /*
   * The parsers of the JDK and of Netty accept more: short and octal forms, five hexadecimal
   * digits, zone ids, brackets. The JDK looks up any text that it does not understand, and Netty
   * reads ::1.2.3.4 as ::ffff:1.2.3.4. So this class decides what an address is, by RFC 4291, for
   * the configuration and for PROXY headers.
   */

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int MAX_LENGTH = 45; // six groups and an IPv4 address

  private IpLiteral() {}

  /**
   * Returns the address, or null if the text is not an address. An IPv4-mapped IPv6 address becomes
   * its IPv4 address.
   */
  public static @Nullable InetAddress parse(String text) {
    byte[] bytes = bytes(text);
    return (bytes == null) ? null : address(bytes);
  }

  /**
   * Returns the bytes of an address: 4, or 16 if it is written with colons, even if it is an
   * IPv4-mapped one. Returns null if the text is not an address.
   */
  public static byte @Nullable [] bytes(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    return text.contains(":") ? ipv6(text) : ipv4(text);
  }

  /**
   * Returns the text of an address. An IPv6 address is written as RFC 5952 recommends; an
   * IPv4-mapped one is written as its IPv4 address. Zone ids are left out.
   */
  public static String text(InetAddress address) {
    return NetUtil.toAddressString(address(address.getAddress()));
  }

  /** Returns the address of 4 or 16 bytes. */
  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
    }
  }

  private static byte @Nullable [] ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != IPV4_BYTES) {
      return null;
    }
    byte[] bytes = new byte[IPV4_BYTES];
    for (int i = 0; i < IPV4_BYTES; i++) {
      int octet = octet(parts[i]);
      if (octet < 0) {
        return null;
      }
      bytes[i] = (byte) octet;
    }
    return bytes;
  }

  private static int octet(String text) {
    int value = number(text, 10, 3);
    boolean canonical = text.length() == 1 || !text.startsWith("0");
    return (canonical && value <= 0xFF) ? value : -1;
  }

  private static byte @Nullable [] ipv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = groups(text, true);
      return (all != null && all.length == IPV6_BYTES) ? all : null;
    }
    byte[] head = groups(text.substring(0, gap), false);
    byte[] tail = groups(text.substring(gap + 2), true);
    return (head == null || tail == null || head.length + tail.length >= IPV6_BYTES)
        ? null
        : joined(head, tail);
  }

  private static byte[] joined(byte[] head, byte[] tail) {
    byte[] bytes = Arrays.copyOf(head, IPV6_BYTES);
    System.arraycopy(tail, 0, bytes, IPV6_BYTES - tail.length, tail.length);
    return bytes;
  }

  /** Returns the bytes of groups of hexadecimal digits. The last group may be an IPv4 address. */
  private static byte @Nullable [] groups(String text, boolean endsTheAddress) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(IPV6_BYTES);
    String[] groups = text.isEmpty() ? new String[0] : text.split(":", -1);
    for (int i = 0; i < groups.length; i++) {
      boolean last = endsTheAddress && i == groups.length - 1;
      byte[] group = (last && groups[i].contains(".")) ? ipv4(groups[i]) : group(groups[i]);
      if (group == null) {
        return null;
      }
      bytes.writeBytes(group);
    }
    return bytes.toByteArray();
  }

  private static byte @Nullable [] group(String text) {
    int value = number(text, 16, 4);
    return (value < 0) ? null : new byte[] {(byte) (value >> Byte.SIZE), (byte) value};
  }

  /**
   * Returns the number of a text of ASCII digits, or -1 if there are none, too many, or other
   * characters.
   */
  private static int number(String digits, int radix, int maxDigits) {
    if (digits.isEmpty() || digits.length() > maxDigits) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = (c < 0x80) ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
