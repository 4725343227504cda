package dev.limpet.l7;

import java.util.Arrays;

/** The characters that tokens are written in. */
final class TokenText {
  /*
   * Tokens are whole groups of four characters of base64url, without padding or unused bits, so
   * each can be written in one way only. The first byte says which form it has, high 3 bits, and
   * which key made it, low 5 bits; a form has one length.
   */

  /** How many characters a signed token has. */
  static final int SIGNED_LENGTH = 44;

  /** How many characters an encrypted token has. */
  static final int ENCRYPTED_LENGTH = 60;

  /** How many bits of the first byte are the key's number. */
  static final int ID_BITS = 5;

  /** How many characters stand for three bytes. */
  static final int GROUP = 4;

  /** No token. */
  static final int NONE = -1;

  private static final int FIRST_BYTE_SHIFT = 16;
  private static final byte[] SEXTETS = sextets();

  private TokenText() {}

  /**
   * {@return the number of the key that a part of a text claims to be made by; {@link #NONE} if it
   * does not have the form of a token}
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

  /** {@return the number of the key that a token's first byte names} */
  static int keyId(int head) {
    return head & ((1 << ID_BITS) - 1);
  }

  /**
   * {@return the number that eight characters make, or a negative one if any of them is not
   * allowed}
   */
  static long eight(String text, int at) {
    return (long) four(text, at) << 24 | four(text, at + 4);
  }

  /**
   * {@return the number that four characters make, or a negative one if any of them is not allowed}
   */
  static int four(String text, int at) {
    return sextet(text.charAt(at)) << 18
        | sextet(text.charAt(at + 1)) << 12
        | sextet(text.charAt(at + 2)) << 6
        | sextet(text.charAt(at + 3));
  }

  /** {@return the version whose tokens have this length} */
  static int version(int length) {
    return switch (length) {
      case SIGNED_LENGTH -> SignedToken.VERSION;
      case ENCRYPTED_LENGTH -> EncryptedToken.VERSION;
      default -> NONE;
    };
  }

  /** {@return the six bits of a character of the base64url alphabet, or -1 for any other} */
  private static int sextet(char c) {
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
