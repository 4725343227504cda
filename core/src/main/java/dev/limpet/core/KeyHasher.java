package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Hmac;
import dev.limpet.core.internal.SipHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Makes the key of a session: a keyed 64-bit hash of what identifies it, which is never 0. Without
 * the secret, nobody can find inputs whose keys collide, and a key does not reveal its input.
 * Immutable; safe for use by many threads at once. Get one from {@link Environment#hasher}.
 *
 * <p>The hash is SipHash-2-4 (Aumasson and Bernstein, 2012). Each kind of input is hashed with its
 * own leading byte, so that, for example, the text {@code "abcd"} and the address 97.98.99.100 have
 * different keys.
 */
public final class KeyHasher {

  /** The minimum length of a secret: 32 bytes. */
  static final int MIN_SECRET_BYTES = Environment.MIN_SECRET_BYTES;

  private static final byte STRING = 1;
  private static final byte ADDRESS = 2;
  private static final byte BYTES = 3;
  private static final byte NUMBER = 4;

  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final int MAPPED = 0xFFFF;

  private final SipHash hash;
  private final Hmac deriving;

  private KeyHasher(SipHash hash, Hmac deriving) {
    this.hash = hash;
    this.deriving = deriving;
  }

  /**
   * Returns a hasher with a secret. Processes with the same secret make the same keys.
   *
   * @param secret at least {@value #MIN_SECRET_BYTES} bytes; not retained
   */
  static KeyHasher of(byte[] secret) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "secret: " + secret.length + " bytes (expected: " + MIN_SECRET_BYTES + " or more)");
    }
    Hmac root = Hmac.of(secret);
    ByteBuffer words =
        ByteBuffer.wrap(root.sign(ascii("limpet session key"))).order(ByteOrder.LITTLE_ENDIAN);
    Hmac deriving = Hmac.of(root.sign(ascii("limpet derived key")));
    return new KeyHasher(new SipHash(words.getLong(), words.getLong()), deriving);
  }

  /**
   * Returns a hasher with another secret, which is derived from this one's. The keys that it makes
   * of an input reveal nothing about those that this hasher, or a hasher derived for another
   * purpose, makes of it.
   *
   * @param purpose the purpose, such as {@code "my proxy: tags of tenants"}
   * @return the hasher
   */
  public KeyHasher derived(String purpose) {
    return of(deriving.sign(purpose.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * {@return the key of a text} Equal sequences of characters have equal keys.
   *
   * @param text the text, of any length; all of it is hashed
   */
  public long string(CharSequence text) {
    return string(text, 0, text.length());
  }

  /**
   * {@return the key of a part of a text, which is that of the part as a text of its own}
   *
   * @param text the text
   * @param from the index of the part's first character
   * @param to the index after its last character
   * @throws IndexOutOfBoundsException if the text has no such part
   */
  public long string(CharSequence text, int from, int to) {
    Objects.checkFromToIndex(from, to, text.length());
    return key(hash.text(STRING, text, from, to));
  }

  /**
   * {@return the key of an address} An IPv4-mapped IPv6 address has the key of the IPv4 address,
   * and zone ids are ignored. The host name is never looked up.
   *
   * @param address the address
   */
  public long address(InetAddress address) {
    return address(address, IPV4_BITS, IPV6_BITS);
  }

  /**
   * {@return the key of the network that an address is in} All addresses of a network have the same
   * key.
   *
   * @param address the address
   * @param ipv4Prefix the number of leading bits of an IPv4 address to hash, 0..32
   * @param ipv6Prefix the number of leading bits of an IPv6 address to hash, 0..128
   * @throws IllegalArgumentException if a prefix is out of range
   */
  public long address(InetAddress address, int ipv4Prefix, int ipv6Prefix) {
    checkPrefix("ipv4Prefix", ipv4Prefix, IPV4_BITS);
    checkPrefix("ipv6Prefix", ipv6Prefix, IPV6_BITS);
    requireNonNull(address, "address");
    return (address instanceof Inet4Address ipv4)
        ? ipv4(word(ipv4.getAddress()), ipv4Prefix)
        : ipv6OrMapped(address.getAddress(), ipv4Prefix, ipv6Prefix);
  }

  /**
   * {@return the key of an address, the same as that of the {@link InetAddress} of these bytes} If
   * you have the bytes anyway, this avoids the copy that an {@code Inet6Address} makes.
   *
   * @param address the 4 bytes of an IPv4 address or the 16 bytes of an IPv6 address, in network
   *     order
   * @throws IllegalArgumentException if there are not 4 or 16 bytes
   */
  public long address(byte[] address) {
    return address(address, IPV4_BITS, IPV6_BITS);
  }

  /**
   * {@return the key of the network that an address is in} All addresses of a network have the same
   * key.
   *
   * @param address the 4 bytes of an IPv4 address or the 16 bytes of an IPv6 address, in network
   *     order
   * @param ipv4Prefix the number of leading bits of an IPv4 address to hash, 0..32
   * @param ipv6Prefix the number of leading bits of an IPv6 address to hash, 0..128
   * @throws IllegalArgumentException if a prefix is out of range, or there are not 4 or 16 bytes
   */
  public long address(byte[] address, int ipv4Prefix, int ipv6Prefix) {
    checkPrefix("ipv4Prefix", ipv4Prefix, IPV4_BITS);
    checkPrefix("ipv6Prefix", ipv6Prefix, IPV6_BITS);
    return switch (address.length) {
      case IPV4_BYTES -> ipv4(word(address), ipv4Prefix);
      case IPV6_BYTES -> ipv6OrMapped(address, ipv4Prefix, ipv6Prefix);
      default ->
        throw new IllegalArgumentException(
            "address: " + address.length + " bytes (expected: 4 or 16)");
    };
  }

  /**
   * {@return the key of a sequence of bytes}
   *
   * @param bytes the bytes, of any number; all of them are hashed
   */
  public long bytes(byte[] bytes) {
    return key(hash.bytes(BYTES, bytes));
  }

  /**
   * {@return the key of a number}
   *
   * @param number any number
   */
  public long number(long number) {
    return key(hash.words(NUMBER, number, 0, Long.BYTES));
  }

  /** Returns a text that does not reveal the secret. */
  @Override
  public String toString() {
    return "KeyHasher";
  }

  /** {@return the key of a hash: never one of the results for a request without a usable key} */
  static long key(long hash) {
    return (hash != KeyExtractor.NONE && hash != KeyExtractor.UNUSABLE) ? hash : 1;
  }

  private long ipv4(int address, int prefix) {
    int network = address & (int) (-1L << (IPV4_BITS - prefix));
    long bytes = Integer.toUnsignedLong(Integer.reverseBytes(network));
    return key(hash.words(ADDRESS, bytes, 0, IPV4_BYTES));
  }

  private long ipv6OrMapped(byte[] address, int ipv4Prefix, int ipv6Prefix) {
    long high = (long) BIG_ENDIAN.get(address, 0);
    long low = (long) BIG_ENDIAN.get(address, Long.BYTES);
    boolean mapped = high == 0 && low >>> Integer.SIZE == MAPPED;
    return mapped ? ipv4((int) low, ipv4Prefix) : ipv6(high, low, ipv6Prefix);
  }

  private long ipv6(long high, long low, int prefix) {
    long first = Long.reverseBytes(high & leadingBits(prefix));
    long second = Long.reverseBytes(low & leadingBits(prefix - Long.SIZE));
    return key(hash.words(ADDRESS, first, second, IPV6_BYTES));
  }

  /**
   * Reads byte by byte, so that the compiler can eliminate the array that {@code getAddress}
   * returns.
   */
  private static int word(byte[] ipv4) {
    return (ipv4[0] & 0xFF) << 24
        | (ipv4[1] & 0xFF) << 16
        | (ipv4[2] & 0xFF) << 8
        | (ipv4[3] & 0xFF);
  }

  private static long leadingBits(int count) {
    return (count <= 0) ? 0 : (count >= Long.SIZE) ? -1 : -1L << (Long.SIZE - count);
  }

  private static void checkPrefix(String name, int prefix, int bits) {
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException(name + ": " + prefix + " (expected: 0.." + bits + ")");
    }
  }
}
