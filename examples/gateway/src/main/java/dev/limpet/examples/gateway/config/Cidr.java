package dev.limpet.examples.gateway.config;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses, such as 127.0.0.0/8.
 *
 * @param network the first address
 * @param prefix the number of leading bits that the addresses share: 0..32 for IPv4, 0..128 for
 *     IPv6
 */
public record Cidr(InetAddress network, int prefix) {
  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final int IPV4_BITS = 32;
  private static final int MAPPED_BITS = 96;

  /**
   * Makes a block.
   *
   * @throws IllegalArgumentException if the prefix is out of range
   */
  public Cidr {
    if (prefix < 0 || prefix > bits(network)) {
      throw new IllegalArgumentException(
          "prefix: " + prefix + " (expected: 0.." + bits(network) + ")");
    }
  }

  /**
   * Returns whether an address is in the block. An IPv4-mapped IPv6 address counts as its IPv4
   * address; zone ids are ignored.
   *
   * @param address the address
   */
  public boolean contains(InetAddress address) {
    byte[] own = network.getAddress();
    byte[] other = IpLiteral.address(address.getAddress()).getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
      int mask = 0xFF00 >> Math.min(Byte.SIZE, prefix - bit);
      if (((own[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask & 0xFF) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the first address and the prefix, such as {@code 127.0.0.0/8}. */
  @Override
  public String toString() {
    return IpLiteral.text(network) + '/' + prefix;
  }

  /**
   * Reads an address, or an address and a prefix. The address may have bits set after the prefix,
   * which {@link #masked} removes. Returns null if the text is neither.
   */
  static @Nullable Cidr parse(String text) {
    int slash = text.indexOf('/');
    String literal = (slash < 0) ? text : text.substring(0, slash);
    InetAddress address = IpLiteral.parse(literal);
    if (address == null) {
      return null;
    }
    int spelledBits = literal.contains(":") ? 128 : IPV4_BITS;
    int prefix = (slash < 0) ? spelledBits : prefix(text.substring(slash + 1), spelledBits);
    boolean mapped = spelledBits != bits(address);
    int own = mapped ? prefix - MAPPED_BITS : prefix;
    return (own < 0) ? null : new Cidr(address, own);
  }

  /** Returns the block without the bits after the prefix. */
  Cidr masked() {
    byte[] bytes = network.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.max(0, Math.min(Byte.SIZE, prefix - i * Byte.SIZE));
      bytes[i] &= (byte) (0xFF00 >> kept);
    }
    return new Cidr(IpLiteral.address(bytes), prefix);
  }

  private static int prefix(String text, int max) {
    if (!PREFIX.matcher(text).matches() || Integer.parseInt(text) > max) {
      return -1;
    }
    return Integer.parseInt(text);
  }

  private static int bits(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }
}
