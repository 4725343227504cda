package dev.limpet.redis;

import java.nio.charset.StandardCharsets;

/**
 * Numbers and text in the encoding of the store: ASCII, with exactly one way to write each number.
 */
final class Ascii {
  static final int HEX_LENGTH = 16;
  static final long NONE = -1;

  private static final byte[] DIGITS = bytes("0123456789abcdef");

  private Ascii() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }

  /** Writes 16 lower-case hexadecimal digits. */
  static void putHex(long word, byte[] to, int at) {
    for (int i = 0; i < HEX_LENGTH; i++) {
      to[at + i] = DIGITS[(int) (word >>> (Long.SIZE - Byte.SIZE / 2 * (i + 1))) & 0xF];
    }
  }

  /** Returns whether there are 16 lower-case hexadecimal digits. */
  static boolean isHex(byte[] text, int at) {
    if (at < 0 || text.length - at < HEX_LENGTH) {
      return false;
    }
    for (int i = at; i < at + HEX_LENGTH; i++) {
      if (!isDigit(text[i]) && (text[i] < 'a' || text[i] > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** {@return the value of 16 hexadecimal digits} */
  static long hex(byte[] text, int at) {
    long word = 0;
    for (int i = at; i < at + HEX_LENGTH; i++) {
      word = word << 4 | Character.digit(text[i], 16);
    }
    return word;
  }

  /**
   * {@return the number that a part of the text consists of, or {@link #NONE} if it is not written
   * as 1 to 10 digits without leading zeros}
   */
  static long number(byte[] text, int from, int to) {
    int length = to - from;
    if (length < 1 || length > 10 || (text[from] == '0' && length > 1)) {
      return NONE;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text[i])) {
        return NONE;
      }
      number = number * 10 + text[i] - '0';
    }
    return number;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
