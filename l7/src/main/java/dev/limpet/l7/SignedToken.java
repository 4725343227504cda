package dev.limpet.l7;

import java.nio.ByteBuffer;

/**
 * A token that anyone can read, but that can be made only with a key. An instance may not be
 * genuine: reading checks only the format. Immutable.
 */
final class SignedToken extends LbToken {
  /*
   * offset size
   * 0      1    version 1 (high 3 bits) | key id (low 5 bits)
   * 1      4    issuedAt: when the session was bound, unsigned seconds since 2024-01-01T00:00:00Z
   * 5      4    lastSeen: the last recorded use, same unit
   * 9      7    backend tag
   * 16     1    salt, random
   * 17     16   signature of bytes 0..16
   *
   * The session and the key can be read without knowing the backend. Without the key, a token does
   * not reveal its backend.
   *
   * Eight characters encode six bytes, which are stored as one number. So a text can be compared
   * with a token without making a token of it.
   */

  static final int VERSION = 1;

  /** The number of bytes that are signed. */
  static final int SIGNED_BYTES = 17;

  /** The number of bytes of a tag. */
  static final int TAG_BYTES = 7;

  private static final int BYTES = 33;
  private static final long LOW_48_BITS = 0xFFFF_FFFF_FFFFL;
  private static final long LOW_32_BITS = 0xFFFF_FFFFL;
  private static final int LOW_24_BITS = 0xFF_FFFF;

  private final long a; // bytes 0..5
  private final long b; // 6..11
  private final long c; // 12..17
  private final long d; // 18..23
  private final long e; // 24..29

  private SignedToken(long a, long b, long c, long d, long e, int end) {
    super(end);
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    this.e = e;
  }

  /** {@return a token that is not signed yet} */
  static SignedToken of(int keyId, long issuedAt, long lastSeen, long tag, int salt) {
    long head = (long) VERSION << TokenText.ID_BITS | keyId;
    return new SignedToken(
        head << 40 | issuedAt << 8 | lastSeen >>> 24,
        (lastSeen & LOW_24_BITS) << 24 | tag >>> 32,
        (tag & LOW_32_BITS) << 16 | salt << 8,
        0,
        0,
        0);
  }

  /** {@return the token at an index of a text that has the format of one} */
  static SignedToken read(String text, int from) {
    return new SignedToken(
        TokenText.eight(text, from),
        TokenText.eight(text, from + 8),
        TokenText.eight(text, from + 16),
        TokenText.eight(text, from + 24),
        TokenText.eight(text, from + 32),
        TokenText.four(text, from + 40));
  }

  @Override
  int keyId() {
    return TokenText.keyId((int) (a >>> 40));
  }

  @Override
  long issuedAt() {
    return (a >>> 8) & LOW_32_BITS;
  }

  @Override
  long lastSeen() {
    return (a & 0xFF) << 24 | b >>> 24;
  }

  @Override
  long tag() {
    return (b & LOW_24_BITS) << 32 | c >>> 16;
  }

  @Override
  int salt() {
    return (int) (c >>> 8) & 0xFF;
  }

  /** {@return this token with the first 16 bytes of a MAC as its signature} */
  SignedToken signed(byte[] mac) {
    ByteBuffer signature = ByteBuffer.wrap(mac);
    long first = signature.getLong(0);
    long second = signature.getLong(Long.BYTES);
    return new SignedToken(
        a,
        b,
        (c & ~0xFFL) | first >>> 56,
        (first >>> 8) & LOW_48_BITS,
        (first & 0xFF) << 40 | second >>> 24,
        (int) second & LOW_24_BITS);
  }

  @Override
  boolean is(LbToken other) {
    return other instanceof SignedToken that
        && is(that.a, that.b, that.c, that.d, that.e, that.end());
  }

  @Override
  boolean is(String text, int from, int to) {
    return to - from == TokenText.SIGNED_LENGTH
        && is(
            TokenText.eight(text, from),
            TokenText.eight(text, from + 8),
            TokenText.eight(text, from + 16),
            TokenText.eight(text, from + 24),
            TokenText.eight(text, from + 32),
            TokenText.four(text, from + 40));
  }

  @Override
  byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(a << 16 | b >>> 32)
        .putLong(b << 32 | c >>> 16)
        .putLong(c << 48 | d)
        .putLong(e << 16 | end() >>> 8)
        .put((byte) end())
        .array();
  }

  private boolean is(long first, long second, long third, long fourth, long fifth, int last) {
    return ((a ^ first) | (b ^ second) | (c ^ third) | (d ^ fourth) | (e ^ fifth) | (end() ^ last))
        == 0;
  }
}
