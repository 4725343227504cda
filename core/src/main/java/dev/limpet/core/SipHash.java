package dev.limpet.core;

/** One computation of SipHash-2-4 with a 64-bit result. For one thread and one input. */
final class SipHash {
  /*
   * Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012. Input is taken in groups of
   * one to eight bytes, so that a caller can hash what it has without making an array of it. The methods
   * are small and without loops: they are inlined, the object does not escape, and compiled code keeps
   * it in registers.
   */

  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long word;
  private int length;

  SipHash(long k0, long k1) {
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
  }

  /** Adds the low eight bits of a value. */
  void add(int value) {
    add(value, 1);
  }

  /** Adds the lowest bytes of a value, 1..8 of them, lowest first. */
  void add(long value, int bytes) {
    int filled = (length & 7) << 3;
    long added = value & (-1L >>> (Long.SIZE - (bytes << 3)));
    word |= added << filled;
    length += bytes;
    if (filled + (bytes << 3) >= Long.SIZE) {
      compress(word);
      word = (filled == 0) ? 0 : added >>> (Long.SIZE - filled);
    }
  }

  long finish() {
    compress(word | ((long) length << 56));
    v2 ^= 0xFF;
    round();
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void compress(long m) {
    v3 ^= m;
    round();
    round();
    v0 ^= m;
  }

  private void round() {
    v0 += v1;
    v2 += v3;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 = Long.rotateLeft(v2, 32);
  }
}
