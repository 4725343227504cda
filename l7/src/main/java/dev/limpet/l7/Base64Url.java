package dev.limpet.l7;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Base64url without padding (RFC 4648, section 5), in which each array has exactly one spelling.
 */
final class Base64Url {
  private static final int[] UNUSED_BITS = {0, -1, 0xF, 0x3}; // by the length modulo four

  private Base64Url() {}

  /** {@return the text of some bytes} */
  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * {@return the bytes of a text; null if the text is not what {@link #encode} returns for them}
   */
  static byte @Nullable [] decode(String text) {
    return isCanonical(text) ? Base64.getUrlDecoder().decode(text) : null;
  }

  /** {@return the number of characters of the text of some bytes} */
  static int length(int bytes) {
    return (bytes * 4 + 2) / 3;
  }

  private static boolean isCanonical(String text) {
    int last = 0;
    int all = 0;
    for (int i = 0; i < text.length(); i++) {
      last = TokenText.sextet(text.charAt(i));
      all |= last;
    }
    int unused = UNUSED_BITS[text.length() & 3];
    return all >= 0 && unused >= 0 && (last & unused) == 0;
  }
}
