package dev.limpet.l7;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The value of an LB cookie, taken apart. Having the form of a token does not make it a genuine one. */
final class LbToken {
  /*
   * offset size
   * 0      1   version (high 3 bits) | key id (low 5 bits)
   * 1      4   issuedAt: when the session was bound, in seconds since 2024-01-01T00:00:00Z, unsigned
   * 5      4   lastSeen, same unit
   * 9      7   backend tag
   * 16     1   salt, random
   * 17     16  signature of bytes 0..16
   *
   * 33 bytes are 44 characters of base64url without padding or unused bits, so a token can be written in
   * one way only. Session and key are found without knowing the backend, and a token never says which
   * backend it names to anyone without the key.
   */

  /** How many characters a token has. */
  static final int LENGTH = 44;

  /** How many bytes are signed. */
  static final int SIGNED_BYTES = 17;

  /** How many bytes the signature has. */
  static final int SIGNATURE_BYTES = 16;

  /** How many bytes of a tag are kept. */
  static final int TAG_BYTES = 7;

  private static final int BYTES = SIGNED_BYTES + SIGNATURE_BYTES;
  private static final int VERSION = 1;
  private static final int ID_BITS = 5;
  private static final int ISSUED_AT = 1;
  private static final int LAST_SEEN = 5;
  private static final int TAG = 9;
  private static final int SALT = 16;

  private final byte[] bytes;

  private LbToken(byte[] bytes) {
    this.bytes = bytes;
  }

  /** {@return a token that is not signed yet} */
  static LbToken of(int keyId, long issuedAt, long lastSeen, long tag, int salt) {
    LbToken token = new LbToken(new byte[BYTES]);
    token.put(0, 1, (VERSION << ID_BITS) | keyId);
    token.put(ISSUED_AT, Integer.BYTES, issuedAt);
    token.put(LAST_SEEN, Integer.BYTES, lastSeen);
    token.put(TAG, TAG_BYTES, tag);
    token.put(SALT, 1, salt);
    return token;
  }

  /** {@return the token that a part of a text is, or null if it does not have the form of one} */
  static @Nullable LbToken decode(String text, int from, int to) {
    if (to - from != LENGTH) {
      return null;
    }
    byte[] bytes = new byte[BYTES];
    for (int in = from, out = 0; out < BYTES; in += 4, out += 3) {
      int group = sextet(text.charAt(in)) << 18
          | sextet(text.charAt(in + 1)) << 12
          | sextet(text.charAt(in + 2)) << 6
          | sextet(text.charAt(in + 3));
      if (group < 0) {
        return null;
      }
      bytes[out] = (byte) (group >> 16);
      bytes[out + 1] = (byte) (group >> 8);
      bytes[out + 2] = (byte) group;
    }
    return ((bytes[0] & 0xFF) >> ID_BITS == VERSION) ? new LbToken(bytes) : null;
  }

  int keyId() {
    return bytes[0] & ((1 << ID_BITS) - 1);
  }

  long issuedAt() {
    return get(ISSUED_AT, Integer.BYTES);
  }

  long lastSeen() {
    return get(LAST_SEEN, Integer.BYTES);
  }

  long tag() {
    return get(TAG, TAG_BYTES);
  }

  int salt() {
    return bytes[SALT] & 0xFF;
  }

  /** {@return a number that tells the session from others, and stays the same as long as it lives} */
  long session() {
    return issuedAt() << Byte.SIZE | salt();
  }

  /** The whole token: what is to be signed, and the signature. Not to be changed but by who signs it. */
  byte[] bytes() {
    return bytes;
  }

  /** {@return the cookie's value} */
  String encoded() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Says nothing of the token: who has it has the session. */
  @Override
  public String toString() {
    return "LbToken";
  }

  private long get(int offset, int size) {
    long value = 0;
    for (int i = offset; i < offset + size; i++) {
      value = value << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return value;
  }

  private void put(int offset, int size, long value) {
    long rest = value;
    for (int i = offset + size - 1; i >= offset; i--) {
      bytes[i] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
  }

  /** {@return the six bits of a character of the base64url alphabet, or -1 for any other} */
  private static int sextet(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return (c == '-') ? 62 : (c == '_') ? 63 : -1;
  }
}
