package dev.limpet.l7;

import java.util.Arrays;

/** The text format of tokens. */
final class TokenText {
  /*
   * Tokens consist of whole groups of four base64url characters, without padding or unused bits, so
   * each token has exactly one spelling. The high 3 bits of the first byte are the version, the low
   * 5 bits the number of the key. All tokens of a version have the same length.
   */

  /** The number of characters of a signed token. */
  static final int SIGNED_LENGTH = 44;

  /** The number of characters of an encrypted token. */
  static final int ENCRYPTED_LENGTH = 60;

  /** The number of bits of the first byte that are the key's number. */
  static final int ID_BITS = 5;

  /** The number of characters that encode three bytes. */
  static final int GROUP = 4;

  /** No token. */
  static final int NONE = -1;

  private static final int FIRST_BYTE_SHIFT = 16;
  private static final byte[] SEXTETS = sextets();

  private TokenText() {}

  /**
   * {@return the number of the key that a part of a text claims to be made with; {@link #NONE} if
   * it does not have the format of a token}
   */
  static int keyId(String text, int from, int to) {
    int version = version(to - from);
    if (version == NONE) {
      return NONE;
    }
    int all = 0;
    for (int at = from; at < to; at += GROUP) {
      all |= four(text, at);
    }
    int head = four(text, from) >>> FIRST_BYTE_SHIFT;
    return (all >= 0 && head >>> ID_BITS == version) ? keyId(head) : NONE;
  }

  /** {@return the number of the key in a token's first byte} */
  static int keyId(int head) {
    return head & ((1 << ID_BITS) - 1);
  }

  /** {@return the number that eight characters encode; negative if any of them is illegal} */
  static long eight(String text, int at) {
    return (long) four(text, at) << 24 | four(text, at + 4);
  }

  /** {@return the number that four characters encode; negative if any of them is illegal} */
  static int four(String text, int at) {
    return sextet(text.charAt(at)) << 18
        | sextet(text.charAt(at + 1)) << 12
        | sextet(text.charAt(at + 2)) << 6
        | sextet(text.charAt(at + 3));
  }

  /** {@return the version whose tokens have a length, or {@link #NONE}} */
  static int version(int length) {
    return switch (length) {
      case SIGNED_LENGTH -> SignedToken.VERSION;
      case ENCRYPTED_LENGTH -> EncryptedToken.VERSION;
      default -> NONE;
    };
  }

  /** {@return the six bits of a base64url character, or -1 for any other character} */
  static int sextet(char c) {
    return (c < SEXTETS.length) ? SEXTETS[c] : -1;
  }

  private static byte[] sextets() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    byte[] sextets = new byte[128];
    Arrays.fill(sextets, (byte) -1);
    for (int i = 0; i < alphabet.length(); i++) {
      sextets[alphabet.charAt(i)] = (byte) i;
    }
    return sextets;
  }
}
