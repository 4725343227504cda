package dev.limpet.l7;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The value of an LB cookie, taken apart. Having the form of a token does not make it a genuine one.
 * Immutable.
 */
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
   *
   * Eight characters are six bytes. They are kept as one number, so that a text can be compared with a
   * token without making one of it.
   */

  /** How many characters a token has. */
  static final int LENGTH = 44;

  /** How many bytes are signed. */
  static final int SIGNED_BYTES = 17;

  /** How many bytes of a tag are kept. */
  static final int TAG_BYTES = 7;

  private static final int BYTES = 33;
  private static final long VERSION = 1;
  private static final int ID_BITS = 5;
  private static final int VERSION_SHIFT = 45;
  private static final long LOW_48_BITS = 0xFFFF_FFFF_FFFFL;
  private static final long LOW_24_BITS = 0xFF_FFFF;
  private static final long LOW_32_BITS = 0xFFFF_FFFFL;
  private static final byte[] SEXTETS = sextets();

  private final long a; // bytes 0..5
  private final long b; // 6..11
  private final long c; // 12..17
  private final long d; // 18..23
  private final long e; // 24..29
  private final long f; // 30..32

  private LbToken(long a, long b, long c, long d, long e, long f) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    this.e = e;
    this.f = f;
  }

  /** {@return a token that is not signed yet} */
  static LbToken of(int keyId, long issuedAt, long lastSeen, long tag, int salt) {
    long head = VERSION << ID_BITS | keyId;
    return new LbToken(
        head << 40 | issuedAt << 8 | lastSeen >>> 24,
        (lastSeen & LOW_24_BITS) << 24 | tag >>> 32,
        (tag & LOW_32_BITS) << 16 | salt << 8,
        0,
        0,
        0);
  }

  /** {@return the token that a part of a text is, or null if it does not have the form of one} */
  static @Nullable LbToken decode(String text, int from, int to) {
    if (to - from != LENGTH) {
      return null;
    }
    LbToken token = new LbToken(
        eight(text, from),
        eight(text, from + 8),
        eight(text, from + 16),
        eight(text, from + 24),
        eight(text, from + 32),
        four(text, from + 40));
    return token.isWellFormed() ? token : null;
  }

  /** {@return the number that eight characters make, or a negative one if any of them is not allowed} */
  static long eight(String text, int at) {
    return (long) four(text, at) << 24 | four(text, at + 4);
  }

  /** {@return the number that four characters make, or a negative one if any of them is not allowed} */
  static int four(String text, int at) {
    return sextet(text.charAt(at)) << 18
        | sextet(text.charAt(at + 1)) << 12
        | sextet(text.charAt(at + 2)) << 6
        | sextet(text.charAt(at + 3));
  }

  int keyId() {
    return (int) (a >>> 40) & ((1 << ID_BITS) - 1);
  }

  long issuedAt() {
    return (a >>> 8) & LOW_32_BITS;
  }

  long lastSeen() {
    return (a & 0xFF) << 24 | b >>> 24;
  }

  long tag() {
    return (b & LOW_24_BITS) << 32 | c >>> 16;
  }

  int salt() {
    return (int) (c >>> 8) & 0xFF;
  }

  /** {@return a number that tells the session from others, and stays the same as long as it lives} */
  long session() {
    return issuedAt() << Byte.SIZE | salt();
  }

  /** {@return the last bits of the signature: of genuine tokens, random ones that nobody chooses} */
  int signatureEnd() {
    return (int) f;
  }

  /** {@return this token with the first 16 bytes of a MAC as its signature} */
  LbToken signed(byte[] mac) {
    ByteBuffer signature = ByteBuffer.wrap(mac);
    long first = signature.getLong(0);
    long second = signature.getLong(Long.BYTES);
    return new LbToken(
        a,
        b,
        (c & ~0xFFL) | first >>> 56,
        (first >>> 8) & LOW_48_BITS,
        (first & 0xFF) << 40 | second >>> 24,
        second & LOW_24_BITS);
  }

  /** {@return whether the other is the same in every bit; takes as long whether it is or not} */
  boolean is(LbToken other) {
    return is(other.a, other.b, other.c, other.d, other.e, other.f);
  }

  /** {@return whether a token's text makes these numbers; takes as long whether it does or not} */
  boolean is(long first, long second, long third, long fourth, long fifth, long last) {
    return ((a ^ first) | (b ^ second) | (c ^ third) | (d ^ fourth) | (e ^ fifth) | (f ^ last))
        == 0;
  }

  /** {@return the whole token: what is signed, and the signature} */
  byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(a << 16 | b >>> 32)
        .putLong(b << 32 | c >>> 16)
        .putLong(c << 48 | d)
        .putLong(e << 16 | f >>> 8)
        .put((byte) f)
        .array();
  }

  /** {@return the cookie's value} */
  String encoded() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
  }

  /** Says nothing of the token: who has it has the session. */
  @Override
  public String toString() {
    return "LbToken";
  }

  private boolean isWellFormed() {
    return (a | b | c | d | e | f) >= 0 && a >>> VERSION_SHIFT == VERSION;
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
