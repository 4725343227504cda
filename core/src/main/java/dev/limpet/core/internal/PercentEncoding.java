package dev.limpet.core.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Percent-encodes the UTF-8 octets of a text (RFC 3986, section 2.1). */
public final class PercentEncoding {
  private static final String HEX = "0123456789ABCDEF";
  private static final String UNRESERVED_MARKS = "-._~";

  private PercentEncoding() {}

  /**
   * {@return the octets as text, with every octet encoded that may not stay}
   *
   * @param stays returns whether an ASCII character stays as it is; called for ASCII only
   */
  public static String encoded(byte[] octets, IntPredicate stays) {
    StringBuilder encoded = new StringBuilder(octets.length);
    for (byte octet : octets) {
      if (octet >= 0 && stays.test(octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HEX.charAt(octet >> 4 & 0xF)).append(HEX.charAt(octet & 0xF));
      }
    }
    return encoded.toString();
  }

  /**
   * {@return the text in UTF-8} Unlike {@link String#getBytes}, it does not replace an unpaired
   * surrogate but encodes its code point, so different texts have different octets.
   */
  public static byte[] utf8(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
    text.codePoints().forEach(c -> octets.writeBytes(utf8(c)));
    return octets.toByteArray();
  }

  /** {@return whether a character is unreserved (RFC 3986, section 2.3)} */
  public static boolean isUnreserved(int c) {
    return HttpToken.isAlphanumeric(c) || UNRESERVED_MARKS.indexOf(c) >= 0;
  }

  private static byte[] utf8(int c) {
    return (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
        ? new byte[] {(byte) (0xE0 | (c >> 12)), continuation(c >> 6), continuation(c)}
        : Character.toString(c).getBytes(StandardCharsets.UTF_8);
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }
}
