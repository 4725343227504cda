package dev.limpet.l4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SourceIpProperties {
  private final KeyHasher hasher = Environment.local().hasher();
  private final SourceIp<InetAddress> exact = SourceIp.of(Function.identity());

  @Property
  void ipv4AddressesShareAKeyExactlyIfTheyShareTheirNetwork(
      @ForAll("ipv4Pairs") Pair pair, @ForAll @IntRange(max = 32) int bits) {
    assertThat(sharesAKey(pair, exact.withIpv4Prefix(bits))).isEqualTo(sharesANetwork(pair, bits));
  }

  @Property
  void ipv6AddressesShareAKeyExactlyIfTheyShareTheirNetwork(
      @ForAll("ipv6Pairs") Pair pair, @ForAll @IntRange(max = 128) int bits) {
    assertThat(sharesAKey(pair, exact.withIpv6Prefix(bits))).isEqualTo(sharesANetwork(pair, bits));
  }

  @Property
  void anIpv4AddressIsItsMappedAddressWhateverThePrefixes(
      @ForAll @Size(4) byte[] address,
      @ForAll @IntRange(max = 32) int ipv4Bits,
      @ForAll @IntRange(max = 128) int ipv6Bits) {
    SourceIp<InetAddress> source = exact.withIpv4Prefix(ipv4Bits).withIpv6Prefix(ipv6Bits);
    InetAddress ipv4 = ip(address);

    assertThat(source.key(Addresses.mapped(ipv4), hasher)).isEqualTo(source.key(ipv4, hasher));
  }

  @Property
  void neitherZoneNorNameCounts(
      @ForAll @Size(16) byte[] address,
      @ForAll @IntRange(max = 1000) int zone,
      @ForAll @IntRange(max = 128) int bits) {
    SourceIp<InetAddress> source = exact.withIpv6Prefix(bits);
    long key = source.key(ip(address), hasher);

    assertThat(source.key(Addresses.ipv6(address, zone), hasher)).isEqualTo(key);
    assertThat(source.key(Addresses.named("no-such-host.invalid", ip(address)), hasher))
        .isEqualTo(key);
  }

  /** Two addresses that agree in some leading bits, often in just as many as count. */
  record Pair(InetAddress one, InetAddress other) {}

  @Provide
  Arbitrary<Pair> ipv4Pairs() {
    return pairs(4);
  }

  @Provide
  Arbitrary<Pair> ipv6Pairs() {
    return pairs(16);
  }

  private static Arbitrary<Pair> pairs(int size) {
    Arbitrary<byte[]> addresses = Arbitraries.bytes().array(byte[].class).ofSize(size);
    Arbitrary<Integer> flips = Arbitraries.integers().between(0, size * 8);
    return Combinators.combine(addresses, flips)
        .as((address, flip) -> new Pair(ip(address), ip(flipped(address, flip))));
  }

  /** Returns a copy with one bit turned over, or an equal one if there is no such bit. */
  private static byte[] flipped(byte[] address, int bit) {
    byte[] copy = address.clone();
    if (bit < copy.length * 8) {
      copy[bit / 8] ^= (byte) (0x80 >> (bit % 8));
    }
    return copy;
  }

  private boolean sharesAKey(Pair pair, SourceIp<InetAddress> source) {
    return source.key(pair.one(), hasher) == source.key(pair.other(), hasher);
  }

  private static boolean sharesANetwork(Pair pair, int bits) {
    return network(pair.one(), bits).equals(network(pair.other(), bits));
  }

  private static BigInteger network(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - bits);
  }

  private static InetAddress ip(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
