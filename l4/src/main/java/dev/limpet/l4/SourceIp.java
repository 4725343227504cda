package dev.limpet.l4;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key of a client's address, or of the network that the address is in. Immutable; safe
 * for use by many threads at once.
 *
 * <pre>{@code
 * KeyExtractor<Request> tenantOrNetwork =
 *     tenant.orElse(SourceIp.of(Request::remoteAddress).withIpv6Prefix(64));
 * }</pre>
 *
 * <p>An IPv4-mapped IPv6 address, such as {@code ::ffff:192.0.2.1}, counts as its IPv4 address. The
 * zone of an address, as in {@code fe80::1%eth0}, is ignored. Host names are never looked up.
 *
 * @param <R> the embedder's request, or connection
 */
public final class SourceIp<R> implements KeyExtractor<R> {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  private final Address<R> address;
  private final int ipv4Prefix;
  private final int ipv6Prefix;

  private SourceIp(Address<R> address, int ipv4Prefix, int ipv6Prefix) {
    this.address = address;
    this.ipv4Prefix = ipv4Prefix;
    this.ipv6Prefix = ipv6Prefix;
  }

  /**
   * {@return an extractor of exact addresses, with prefixes of 32 and 128 bits}
   *
   * @param address finds the client's address; null for no key
   * @param <R> the embedder's request, or connection
   */
  public static <R> SourceIp<R> of(Function<? super R, ? extends @Nullable InetAddress> address) {
    requireNonNull(address, "address");
    return new SourceIp<>(
        (request, hasher, ipv4Prefix, ipv6Prefix) -> {
          InetAddress found = address.apply(request);
          return (found == null) ? NONE : hasher.address(found, ipv4Prefix, ipv6Prefix);
        },
        IPV4_BITS,
        IPV6_BITS);
  }

  /**
   * {@return an extractor of exact addresses that are available as bytes} Its keys are those of the
   * {@link InetAddress} of the same bytes. It allocates nothing, whereas an {@code Inet6Address}
   * copies its bytes. Any number of bytes except 4 and 16 is rejected with an {@link
   * IllegalArgumentException}.
   *
   * @param address finds the 4 bytes of the client's IPv4 address, or the 16 bytes of its IPv6
   *     address, in network order, for example from a PROXY protocol header or a network library;
   *     null for no key
   * @param <R> the embedder's request, or connection
   */
  public static <R> SourceIp<R> ofBytes(Function<? super R, byte @Nullable []> address) {
    requireNonNull(address, "address");
    return new SourceIp<>(
        (request, hasher, ipv4Prefix, ipv6Prefix) -> {
          byte[] found = address.apply(request);
          return (found == null) ? NONE : hasher.address(found, ipv4Prefix, ipv6Prefix);
        },
        IPV4_BITS,
        IPV6_BITS);
  }

  /**
   * {@return a copy that treats the clients of one IPv4 network as one session}
   *
   * @param bits the number of leading bits of an IPv4 address that count, 0..32
   * @throws IllegalArgumentException if the number is out of range
   */
  public SourceIp<R> withIpv4Prefix(int bits) {
    return new SourceIp<>(address, checked("ipv4Prefix", bits, IPV4_BITS), ipv6Prefix);
  }

  /**
   * {@return a copy that treats the clients of one IPv6 network as one session}
   *
   * @param bits the number of leading bits of an IPv6 address that count, 0..128
   * @throws IllegalArgumentException if the number is out of range
   */
  public SourceIp<R> withIpv6Prefix(int bits) {
    return new SourceIp<>(address, ipv4Prefix, checked("ipv6Prefix", bits, IPV6_BITS));
  }

  /** {@return a copy with prefixes of at most these lengths} */
  SourceIp<R> within(int ipv4, int ipv6) {
    return new SourceIp<>(address, Math.min(ipv4Prefix, ipv4), Math.min(ipv6Prefix, ipv6));
  }

  @Override
  public long key(R request, KeyHasher hasher) {
    return address.key(request, hasher, ipv4Prefix, ipv6Prefix);
  }

  /** {@return the prefixes} */
  @Override
  public String toString() {
    return "SourceIp /" + ipv4Prefix + ", /" + ipv6Prefix;
  }

  private static int checked(String setting, int bits, int most) {
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException(setting + ": " + bits + " (expected: 0.." + most + ")");
    }
    return bits;
  }

  /** Finds an address and makes the key of its network. */
  @FunctionalInterface
  private interface Address<R> {
    long key(R request, KeyHasher hasher, int ipv4Prefix, int ipv6Prefix);
  }
}
