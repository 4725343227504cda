package dev.limpet.core.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses from text (RFC 4291, section 2.2). Never looks up a name. */
public final class IpLiteral {
  /*
   * The JDK's own parser accepts short and octal IPv4 addresses and zones, and asks a name server
   * for any text that it does not understand. A client chooses this text, so a request could make
   * the proxy wait for a name server of the client's choice. This parser accepts four decimal
   * numbers without leading zeros, or groups of hexadecimal digits, and nothing else.
   */

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int MAPPED_ZEROS = 10;
  private static final int IPV4_OFFSET = 12;
  private static final int OCTET_DIGITS = 3;
  private static final int GROUP_DIGITS = 4;
  private static final int DECIMAL = 10;
  private static final int HEXADECIMAL = 16;
  private static final int MAX_LENGTH = 45; // six groups and an IPv4 address
  private static final int NONE = -1;

  private IpLiteral() {}

  /**
   * {@return the 4 or 16 bytes of an address; null if a part of a text is no address} An
   * IPv4-mapped IPv6 address becomes its IPv4 address.
   *
   * @param text the text
   * @param from the index of the part's first character
   * @param to the index after its last character
   */
  public static byte @Nullable [] bytes(CharSequence text, int from, int to) {
    byte[] exact = exactBytes(text, from, to);
    return (exact == null) ? null : unmapped(exact);
  }

  /**
   * {@return the bytes of an address: 4, or 16 if it is written with colons, even if it is an
   * IPv4-mapped one; null if the text is no address}
   */
  public static byte @Nullable [] exactBytes(CharSequence text) {
    return exactBytes(text, 0, text.length());
  }

  private static byte @Nullable [] exactBytes(CharSequence text, int from, int to) {
    if (to - from > MAX_LENGTH) {
      return null;
    }
    if (end(text, ':', from, to) == to) {
      byte[] ipv4 = new byte[IPV4_BYTES];
      return readIpv4(text, from, to, ipv4, 0) ? ipv4 : null;
    }
    return ipv6(text, from, to);
  }

  /** {@return the bytes of an address; an IPv4-mapped IPv6 address becomes its IPv4 address} */
  public static byte[] unmapped(byte[] address) {
    return isMapped(address) ? Arrays.copyOfRange(address, IPV4_OFFSET, IPV6_BYTES) : address;
  }

  /** {@return the address of 4 or 16 bytes} */
  public static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
    }
  }

  private static boolean isMapped(byte[] address) {
    boolean mapped = address.length == IPV6_BYTES;
    for (int i = 0; mapped && i < IPV4_OFFSET; i++) {
      mapped = address[i] == (byte) (i < MAPPED_ZEROS ? 0 : 0xFF);
    }
    return mapped;
  }

  private static byte @Nullable [] ipv6(CharSequence text, int from, int to) {
    byte[] bytes = new byte[IPV6_BYTES];
    int gap = gap(text, from, to);
    if (gap < 0) {
      return (readGroups(text, from, to, bytes, true) == IPV6_BYTES) ? bytes : null;
    }
    byte[] last = new byte[IPV6_BYTES];
    int before = readGroups(text, from, gap, bytes, false);
    int after = readGroups(text, gap + 2, to, last, true);
    if (before < 0 || after < 0 || before + after >= IPV6_BYTES) {
      return null;
    }
    System.arraycopy(last, 0, bytes, IPV6_BYTES - after, after);
    return bytes;
  }

  /** {@return the index of the first two colons in a row, or NONE} */
  private static int gap(CharSequence text, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (text.charAt(i) == ':' && text.charAt(i + 1) == ':') {
        return i;
      }
    }
    return NONE;
  }

  /**
   * {@return the number of bytes of groups with colons between them; NONE if there is anything
   * else}
   *
   * @param endsAddress whether the last group may be an IPv4 address
   */
  private static int readGroups(
      CharSequence text, int from, int to, byte[] into, boolean endsAddress) {
    int count = 0;
    for (int start = from; start < to || (start == to && from < to); ) {
      int end = end(text, ':', start, to);
      boolean dotted = endsAddress && end == to && end(text, '.', start, to) < to;
      int size = dotted ? IPV4_BYTES : 2;
      boolean read = count + size <= IPV6_BYTES
          && (dotted
              ? readIpv4(text, start, end, into, count)
              : readGroup(text, start, end, into, count));
      if (!read) {
        return NONE;
      }
      count += size;
      start = end + 1;
    }
    return count;
  }

  private static boolean readGroup(CharSequence text, int from, int to, byte[] into, int at) {
    int value = number(text, from, to, HEXADECIMAL, GROUP_DIGITS);
    into[at] = (byte) (value >> Byte.SIZE);
    into[at + 1] = (byte) value;
    return value >= 0;
  }

  private static boolean readIpv4(CharSequence text, int from, int to, byte[] into, int at) {
    int start = from;
    for (int i = 0; i < IPV4_BYTES; i++) {
      int end = (i == IPV4_BYTES - 1) ? to : end(text, '.', start, to);
      int octet = octet(text, start, end);
      if (octet < 0) {
        return false;
      }
      into[at + i] = (byte) octet;
      start = Math.min(end + 1, to);
    }
    return true;
  }

  private static int octet(CharSequence text, int from, int to) {
    int value = number(text, from, to, DECIMAL, OCTET_DIGITS);
    boolean canonical = to - from == 1 || (to > from && text.charAt(from) != '0');
    return (canonical && value <= 0xFF) ? value : NONE;
  }

  /** {@return the index of a character in a part of a text; the end of the part if it has none} */
  private static int end(CharSequence text, char mark, int from, int to) {
    int i = from;
    while (i < to && text.charAt(i) != mark) {
      i++;
    }
    return i;
  }

  /**
   * {@return the number that ASCII digits make; NONE if there are no digits, too many, or others}
   */
  private static int number(CharSequence text, int from, int to, int radix, int maxDigits) {
    if (from >= to || to - from > maxDigits) {
      return NONE;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int digit = (c < 0x80) ? Character.digit(c, radix) : NONE;
      if (digit < 0) {
        return NONE;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
