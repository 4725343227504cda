package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns what identifies a session into its key: a keyed 64-bit hash that is never 0. Nobody without the
 * secret can choose inputs whose keys collide, and a key does not reveal its input. Immutable; safe for
 * use by many threads at once.
 *
 * <p>The hash is SipHash-2-4 (Aumasson and Bernstein, 2012). Each kind of input is hashed under a
 * leading byte of its own, so that the text {@code "abcd"} and the address 97.98.99.100 have different keys.
 */
public final class KeyHasher {

  /** The shortest secret: 32 bytes. */
  public static final int MIN_SECRET_BYTES = 32;

  private static final byte STRING = 1;
  private static final byte ADDRESS = 2;
  private static final byte BYTES = 3;
  private static final byte NUMBER = 4;

  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  private final long k0;
  private final long k1;

  private KeyHasher(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /** {@return a hasher with a random secret, for keys that need to agree in this process only} */
  public static KeyHasher random() {
    byte[] secret = new byte[MIN_SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return of(secret);
  }

  /**
   * {@return a hasher with a secret: processes that share it agree on every key}
   *
   * @param secret at least {@value #MIN_SECRET_BYTES} bytes that nobody can guess; not kept
   * @throws IllegalArgumentException if the secret is shorter
   */
  public static KeyHasher of(byte[] secret) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "secret: " + secret.length + " bytes (expected: " + MIN_SECRET_BYTES + " or more)");
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] derived = mac.doFinal("limpet session key".getBytes(StandardCharsets.US_ASCII));
      ByteBuffer words = ByteBuffer.wrap(derived).order(ByteOrder.LITTLE_ENDIAN);
      return new KeyHasher(words.getLong(), words.getLong());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256: absent (expected: in every Java runtime)", e);
    }
  }

  /**
   * {@return the key of a text} Equal sequences of characters have equal keys.
   *
   * @param text the text, of any length; all of it counts
   */
  public long string(CharSequence text) {
    return string(text, 0, text.length());
  }

  /**
   * {@return the key of a part of a text: that of the part by itself}
   *
   * @param text the text
   * @param from the index of the part's first character
   * @param to the index after its last character
   * @throws IndexOutOfBoundsException if the text has no such part
   */
  public long string(CharSequence text, int from, int to) {
    Objects.checkFromToIndex(from, to, text.length());
    SipHash hash = start(STRING);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      hash.add(utf8(c), (c < 0x80) ? 1 : (c < 0x800) ? 2 : 3);
    }
    return finish(hash);
  }

  /**
   * {@return the key of an address} An IPv4-mapped IPv6 address is the IPv4 address, and zone ids do not
   * count. The name of the host is never looked up.
   *
   * @param address the address
   */
  public long address(InetAddress address) {
    return address(address, IPV4_BITS, IPV6_BITS);
  }

  /**
   * {@return the key of the network that an address is in}
   *
   * @param address the address
   * @param ipv4Prefix how many leading bits of an IPv4 address count, 0..32
   * @param ipv6Prefix how many leading bits of an IPv6 address count, 0..128
   * @throws IllegalArgumentException if a prefix is out of range
   */
  public long address(InetAddress address, int ipv4Prefix, int ipv6Prefix) {
    checkPrefix("ipv4Prefix", ipv4Prefix, IPV4_BITS);
    checkPrefix("ipv6Prefix", ipv6Prefix, IPV6_BITS);
    requireNonNull(address, "address");
    if (address instanceof Inet4Address ipv4) {
      return ipv4(intAt(ipv4.getAddress(), 0), ipv4Prefix);
    }
    byte[] bytes = address.getAddress();
    return isMapped(bytes) ? ipv4(intAt(bytes, 12), ipv4Prefix) : ipv6(bytes, ipv6Prefix);
  }

  /**
   * {@return the key of a sequence of bytes}
   *
   * @param bytes the bytes, of any number; all of them count
   */
  public long bytes(byte[] bytes) {
    SipHash hash = start(BYTES);
    for (byte b : bytes) {
      hash.add(b);
    }
    return finish(hash);
  }

  /**
   * {@return the key of a number}
   *
   * @param number any number
   */
  public long number(long number) {
    SipHash hash = start(NUMBER);
    hash.add(number, Long.BYTES);
    return finish(hash);
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "KeyHasher";
  }

  private SipHash start(byte kind) {
    SipHash hash = new SipHash(k0, k1);
    hash.add(kind);
    return hash;
  }

  private static long finish(SipHash hash) {
    long key = hash.finish();
    return (key != KeyExtractor.NONE) ? key : 1;
  }

  private long ipv4(int address, int prefix) {
    int mask = (int) (-1L << (IPV4_BITS - prefix));
    SipHash hash = start(ADDRESS);
    hash.add(Integer.reverseBytes(address & mask), Integer.BYTES);
    return finish(hash);
  }

  private long ipv6(byte[] address, int prefix) {
    SipHash hash = start(ADDRESS);
    hash.add(Long.reverseBytes(longAt(address, 0) & leadingBits(prefix)), Long.BYTES);
    hash.add(
        Long.reverseBytes(longAt(address, Long.BYTES) & leadingBits(prefix - Long.SIZE)),
        Long.BYTES);
    return finish(hash);
  }

  private static long leadingBits(int count) {
    return (count <= 0) ? 0 : (count >= Long.SIZE) ? -1 : -1L << (Long.SIZE - count);
  }

  private static boolean isMapped(byte[] ipv6) {
    for (int i = 0; i < 10; i++) {
      if (ipv6[i] != 0) {
        return false;
      }
    }
    return ipv6[10] == -1 && ipv6[11] == -1;
  }

  private static long longAt(byte[] bytes, int at) {
    return (long) intAt(bytes, at) << Integer.SIZE
        | Integer.toUnsignedLong(intAt(bytes, at + Integer.BYTES));
  }

  private static int intAt(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }

  /** The bytes of UTF-8, the first lowest; halves of surrogate pairs one by one: no two texts are alike. */
  private static int utf8(char c) {
    if (c < 0x80) {
      return c;
    }
    int last = 0x80 | (c & 0x3F);
    return (c < 0x800)
        ? (0xC0 | (c >> 6)) | last << 8
        : (0xE0 | (c >> 12)) | (0x80 | ((c >> 6) & 0x3F)) << 8 | last << 16;
  }

  private static void checkPrefix(String name, int prefix, int bits) {
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException(name + ": " + prefix + " (expected: 0.." + bits + ")");
    }
  }
}
