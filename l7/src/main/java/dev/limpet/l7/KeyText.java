package dev.limpet.l7;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;

/** Makes keys of texts within a maximum length. */
final class KeyText {
  private static final int MAX_LATIN_1 = 0xFF;
  private static final int MAX_TWO_OCTETS = 0x7FF;

  private KeyText() {}

  /**
   * {@return the key of a part of a text; NONE if it is empty or only white space, UNUSABLE if it
   * is too long}
   *
   * @param maxLength the maximum number of octets
   */
  static long key(CharSequence text, int from, int to, KeyHasher hasher, int maxLength) {
    if (isTooLong(text, from, to, maxLength)) {
      return KeyExtractor.UNUSABLE;
    }
    return isBlank(text, from, to) ? KeyExtractor.NONE : hasher.string(text, from, to);
  }

  private static boolean isTooLong(CharSequence text, int from, int to, int maxLength) {
    int octets = 0;
    for (int i = from; i < to && octets <= maxLength; i++) {
      octets += octets(text.charAt(i));
    }
    return octets > maxLength;
  }

  /** {@return the octets of a character; frameworks make a character of each octet of a field} */
  private static int octets(char c) {
    return (c <= MAX_LATIN_1) ? 1 : (c <= MAX_TWO_OCTETS) ? 2 : 3;
  }

  private static boolean isBlank(CharSequence text, int from, int to) {
    int i = from;
    while (i < to && isWhiteSpace(text.charAt(i))) {
      i++;
    }
    return i == to;
  }

  private static boolean isWhiteSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
