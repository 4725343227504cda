package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.FaultException;
import dev.limpet.core.internal.IpLiteral;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses that begin with the same bits, such as {@code 10.0.0.0/8} (RFC 4632,
 * section 3.1; RFC 4291, section 2.3). Immutable.
 */
public final class AddressRange {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final int MAPPED_BITS = IPV6_BITS - IPV4_BITS;
  private static final int MAX_PREFIX_DIGITS = 3;
  private static final String RULE =
      "an IP address, or a range such as 10.0.0.0/8 or 2001:db8::/32";

  private final byte[] first;
  private final int prefix;

  private AddressRange(byte[] first, int prefix) {
    this.first = first;
    this.prefix = prefix;
  }

  /**
   * Reads a range, or a single address. Names, octal and short forms, and zones are refused, and
   * nothing is looked up. A range of IPv4-mapped addresses, such as {@code ::ffff:10.0.0.0/104}, is
   * the range of the IPv4 addresses.
   *
   * @param text the address, or the first address of the range, {@code /}, and the number of
   *     leading bits that its addresses share: 0..32 for IPv4, 0..128 for IPv6
   * @return the range
   * @throws FaultException if the text is not a range, or its address is not the first one: {@code
   *     10.0.0.1/8} may be meant as {@code 10.0.0.0/8} or as {@code 10.0.0.1/32}
   */
  public static AddressRange parse(String text) {
    Faults faults = new Faults();
    AddressRange range = read("range", text, faults);
    faults.refuse();
    return requireNonNull(range, "range");
  }

  /** {@return the range; null if the text is no range, which is then a fault of the setting} */
  static @Nullable AddressRange read(String setting, String text, Faults faults) {
    int slash = text.indexOf('/');
    int end = (slash < 0) ? text.length() : slash;
    byte[] address = IpLiteral.bytes(text, 0, end);
    int prefix = (address == null) ? -1 : prefix(text, slash, address.length * Byte.SIZE);
    if (address == null || prefix < 0) {
      faults.addText(setting, text, RULE);
      return null;
    }
    AddressRange range = new AddressRange(masked(address, prefix), prefix);
    if (!Arrays.equals(range.first, address)) {
      AddressRange single = new AddressRange(address, address.length * Byte.SIZE);
      faults.addText(setting, text, range + " or " + single);
      return null;
    }
    return range;
  }

  /** {@return the number of leading bits that count, or -1 if the text is wrong} */
  private static int prefix(String text, int slash, int bits) {
    if (slash < 0) {
      return bits;
    }
    boolean mapped = bits == IPV4_BITS && text.indexOf(':') >= 0;
    int written = number(text.substring(slash + 1));
    int prefix = mapped ? written - MAPPED_BITS : written;
    return (prefix <= bits) ? prefix : -1;
  }

  private static int number(String digits) {
    boolean canonical = !digits.isEmpty()
        && digits.length() <= MAX_PREFIX_DIGITS
        && digits.chars().allMatch(c -> c >= '0' && c <= '9')
        && (digits.length() == 1 || digits.charAt(0) != '0');
    return canonical ? Integer.parseInt(digits) : -1;
  }

  private static byte[] masked(byte[] address, int prefix) {
    byte[] first = address.clone();
    for (int i = 0; i < first.length; i++) {
      first[i] &= (byte) mask(prefix, i);
    }
    return first;
  }

  /** {@return the bits of a byte of an address that belong to its prefix} */
  private static int mask(int prefix, int index) {
    int kept = Math.max(0, Math.min(Byte.SIZE, prefix - index * Byte.SIZE));
    return (0xFF00 >> kept) & 0xFF;
  }

  /**
   * {@return true if an address is in the range} An IPv4-mapped IPv6 address counts as its IPv4
   * address, and zones are ignored. An IPv4 address is in no range of IPv6 addresses.
   *
   * @param address the address
   */
  public boolean contains(InetAddress address) {
    return contains(IpLiteral.unmapped(address.getAddress()));
  }

  /** Returns whether an address is in the range; its bytes must not be an IPv4-mapped address. */
  boolean contains(byte[] address) {
    if (address.length != first.length) {
      return false;
    }
    for (int i = 0; i * Byte.SIZE < prefix; i++) {
      if (((address[i] ^ first[i]) & mask(prefix, i)) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressRange that
        && prefix == that.prefix
        && Arrays.equals(first, that.first);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(first) + prefix;
  }

  /** {@return the first address and the number of leading bits, such as {@code 10.0.0.0/8}} */
  @Override
  public String toString() {
    return IpLiteral.address(first).getHostAddress() + '/' + prefix;
  }
}
