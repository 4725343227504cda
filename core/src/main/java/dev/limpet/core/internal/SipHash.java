package dev.limpet.core.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with a 64-bit result, under one key, of inputs that begin with a given byte.
 * Immutable.
 */
public final class SipHash {
  /*
   * Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012. The state of a computation is
   * kept in the local variables of one loop. A state object would be allocated whenever the
   * compiler does not inline all of its methods. Each pass of the loop adds a word of eight bytes.
   * Its lower part is left over from the pass before; above it come the next bytes of the input,
   * either eight at once or those of one character.
   */

  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] NOTHING = new byte[0];
  private static final int NOT_AT_ONCE = -1;
  private static final int ROUNDS = 2;
  private static final int LAST_ROUNDS = 4;

  private final long k0;
  private final long k1;

  public SipHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /**
   * {@return the hash of a byte and 0..16 more}
   *
   * @param first the first byte
   * @param low the next eight bytes, in little-endian order
   * @param high the eight bytes after these
   * @param count the number of bytes in {@code low} and {@code high} that count; the bits of the
   *     others must be 0
   */
  public long words(byte first, long low, long high, int count) {
    return hash(
        (first & 0xFF) | low << 8, low >>> 56 | high << 8, high >>> 56, 1 + count, NOTHING, 0, 0);
  }

  /** {@return the hash of a byte and an array of bytes} */
  public long bytes(byte first, byte[] bytes) {
    return hash(first & 0xFF, 0, 0, 1, bytes, 0, bytes.length);
  }

  /**
   * {@return the hash of a byte and a part of a text in UTF-8} Each half of a surrogate pair is
   * encoded by itself, like any other character, so different texts have different encodings.
   */
  public long text(byte first, CharSequence text, int from, int to) {
    return hash(first & 0xFF, 0, 0, 1, text, from, to);
  }

  private long hash(long w0, long w1, long w2, int head, Object rest, int from, int to) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    long pending = w0;
    long next = w1;
    int bits = head * Byte.SIZE;
    long length = head;
    int i = from;
    while (bits >= Long.SIZE || i < to) {
      long word = pending;
      if (bits >= Long.SIZE) {
        bits -= Long.SIZE;
        pending = next;
        next = w2;
      } else {
        long added = (to - i >= Long.BYTES) ? eight(rest, i) : NOT_AT_ONCE;
        int size = Long.SIZE;
        if (added == NOT_AT_ONCE) {
          added = one(rest, i);
          size = size(added);
        }
        i += (size == Long.SIZE) ? Long.BYTES : 1;
        length += size / Byte.SIZE;
        word |= added << bits;
        bits += size;
        if (bits < Long.SIZE) {
          pending = word;
          continue;
        }
        bits -= Long.SIZE;
        pending = added >>> 1 >>> (size - bits - 1);
      }
      v3 ^= word;
      for (int round = 0; round < ROUNDS; round++) {
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
      v0 ^= word;
    }
    return finish(v0, v1, v2, v3, pending | length << 56);
  }

  private static long finish(long state0, long state1, long state2, long state3, long word) {
    long v0 = state0;
    long v1 = state1;
    long v2 = state2;
    long v3 = state3 ^ word;
    for (int round = 0; round < ROUNDS + LAST_ROUNDS; round++) {
      if (round == ROUNDS) {
        v0 ^= word;
        v2 ^= 0xFF;
      }
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
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /**
   * Returns the next eight bytes of the input in little-endian order, or NOT_AT_ONCE if they
   * include a character that is not ASCII.
   */
  private static long eight(Object input, int at) {
    if (input instanceof byte[] bytes) {
      return (long) LITTLE_ENDIAN.get(bytes, at);
    }
    CharSequence text = (CharSequence) input;
    long word = 0;
    int all = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      char c = text.charAt(at + i);
      all |= c;
      word |= (long) c << (i * Byte.SIZE);
    }
    return (all < 0x80) ? word : NOT_AT_ONCE;
  }

  /** Returns the next byte of the input, or the bytes of its next character. */
  private static long one(Object input, int at) {
    return (input instanceof byte[] bytes)
        ? bytes[at] & 0xFF
        : utf8(((CharSequence) input).charAt(at));
  }

  /** {@return the number of bits in a byte, or in the bytes of a character} */
  private static int size(long one) {
    return (one <= 0xFF) ? 1 * Byte.SIZE : (one <= 0xFFFF) ? 2 * Byte.SIZE : 3 * Byte.SIZE;
  }

  private static int utf8(char c) {
    if (c < 0x80) {
      return c;
    }
    int last = 0x80 | (c & 0x3F);
    return (c < 0x800)
        ? (0xC0 | (c >> 6)) | last << 8
        : (0xE0 | (c >> 12)) | (0x80 | ((c >> 6) & 0x3F)) << 8 | last << 16;
  }
}
