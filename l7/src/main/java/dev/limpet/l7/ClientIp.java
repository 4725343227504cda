package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.FaultException;
import dev.limpet.core.internal.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a client behind proxies that you trust, from {@code X-Forwarded-For} or
 * {@code Forwarded} (RFC 7239). Immutable; safe for use by many threads at once. Never looks up a
 * name.
 *
 * <pre>{@code
 * ClientIp<Request> clientIp = ClientIp.xForwardedFor(access, Request::remoteAddress)
 *     .trusted(List.of("192.0.2.0/24"))
 *     .build();
 * SourceIpAffinity<Request> affinity = SourceIpAffinity.builder(clientIp::address).build();
 * }</pre>
 *
 * <p>If the peer is not trusted, the client is the peer, and the field is not read. Otherwise, all
 * fields of the name are read as one list, from the right, and the first address that is not
 * trusted is the client. An element that has no address ends the search: a name, {@code unknown},
 * an obfuscated identifier, an empty or a malformed element. The client is then the last address
 * that was read, or the peer if none was. Addresses to the left of such an element are never used,
 * because a client may have written them. The search ends in the same way after 64 elements or
 * 8,192 characters.
 *
 * <p>An element of {@code X-Forwarded-For} is an IPv4 address, an IPv6 address or an IPv6 address
 * in brackets. The first and the last may have a port. An IPv4-mapped IPv6 address counts as its
 * IPv4 address. Octal, hexadecimal and short forms, and zones, are malformed. In {@code Forwarded},
 * the address is the value of {@code for}, by the grammar of RFC 7239; an IPv6 address without
 * brackets is also accepted in quotes.
 *
 * <p>Only one of the two fields is read. Choose the one that your proxies write, and let them
 * remove the other, or a client could use it.
 *
 * @param <Q> the embedder's type of request
 */
public final class ClientIp<Q> {

  /** The result if every address that was read is trusted. */
  public enum AllTrusted {
    /** The leftmost address: a client inside the trusted ranges. */
    LEFTMOST,
    /** The peer. A client inside the trusted ranges cannot choose its address. */
    PEER
  }

  private final Messages<Q, ?> messages;
  private final HopSyntax syntax;
  private final Function<? super Q, ? extends @Nullable InetAddress> peer;
  private final AddressRange[] trusted;
  private final AllTrusted whenAllTrusted;

  private ClientIp(Builder<Q> builder, List<AddressRange> trusted) {
    this.messages = builder.messages;
    this.syntax = builder.syntax;
    this.peer = builder.peer;
    this.trusted = trusted.toArray(AddressRange[]::new);
    this.whenAllTrusted = builder.whenAllTrusted;
  }

  /**
   * {@return a builder of a reader of {@code X-Forwarded-For}}
   *
   * @param access reads requests
   * @param peer returns the address that a request's connection came from; null if it has none
   * @param <Q> the embedder's type of request
   */
  public static <Q> Builder<Q> xForwardedFor(
      HttpAccess<Q, ?> access, Function<? super Q, ? extends @Nullable InetAddress> peer) {
    return new Builder<>(access, HopSyntax.X_FORWARDED_FOR, peer);
  }

  /**
   * {@return a builder of a reader of {@code Forwarded} (RFC 7239)}
   *
   * @param access reads requests
   * @param peer returns the address that a request's connection came from; null if it has none
   * @param <Q> the embedder's type of request
   */
  public static <Q> Builder<Q> forwarded(
      HttpAccess<Q, ?> access, Function<? super Q, ? extends @Nullable InetAddress> peer) {
    return new Builder<>(access, HopSyntax.FORWARDED, peer);
  }

  /**
   * Returns the address of a request's client.
   *
   * @param request the request
   * @return the address; null if the request has no peer
   */
  public @Nullable InetAddress address(Q request) {
    InetAddress from = peer.apply(request);
    return (from == null || !trusts(IpLiteral.unmapped(from.getAddress())))
        ? from
        : reported(from, new Hops(syntax, messages.requestFields(request, syntax.field())));
  }

  private InetAddress reported(InetAddress from, Hops hops) {
    byte @Nullable [] last = null;
    for (byte[] hop = hops.next(); hop != null; hop = hops.next()) {
      if (!trusts(hop)) {
        return IpLiteral.address(hop);
      }
      last = hop;
    }
    boolean isPeer = hops.wereAllRead() && whenAllTrusted == AllTrusted.PEER;
    return (last == null || isPeer) ? from : IpLiteral.address(last);
  }

  private boolean trusts(byte[] address) {
    for (AddressRange range : trusted) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** {@return the field and the trusted ranges} */
  @Override
  public String toString() {
    return "ClientIp[" + syntax.field() + ", trusted=" + List.of(trusted) + "]";
  }

  /**
   * Builds a {@link ClientIp}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's type of request
   */
  public static final class Builder<Q> {
    private static final List<String> PRIVATE =
        List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1");

    private final Messages<Q, ?> messages;
    private final HopSyntax syntax;
    private final Function<? super Q, ? extends @Nullable InetAddress> peer;
    private final Set<String> ranges = new LinkedHashSet<>();
    private boolean declared;
    private AllTrusted whenAllTrusted = AllTrusted.LEFTMOST;

    private Builder(
        HttpAccess<Q, ?> access,
        HopSyntax syntax,
        Function<? super Q, ? extends @Nullable InetAddress> peer) {
      this.messages = new Messages<>(access);
      this.syntax = syntax;
      this.peer = requireNonNull(peer, "peer");
    }

    /**
     * Adds ranges to those whose addresses are trusted: the addresses of your own proxies. There is
     * no default. If the collection is empty, nobody is trusted unless other ranges are added, so
     * the client is always the peer.
     *
     * @param cidrs addresses, and ranges as {@link AddressRange#parse} reads them, such as {@code
     *     192.0.2.0/24}
     * @return this builder
     */
    public Builder<Q> trusted(Collection<String> cidrs) {
      ranges.addAll(List.copyOf(cidrs));
      declared = true;
      return this;
    }

    /**
     * Trusts all private addresses (RFC 1918 and RFC 4193) and loopback: 10.0.0.0/8, 172.16.0.0/12,
     * 192.168.0.0/16, fc00::/7, 127.0.0.0/8 and ::1.
     *
     * <p><b>Warning:</b> use this only if no client has such an address. A request from a client
     * with a private address may get through with a forged one: its real address is trusted like
     * that of a proxy, so the search goes on to the addresses that the client itself wrote. {@link
     * AllTrusted#PEER} prevents that only for lists in which all addresses are trusted and none is
     * malformed. It is safer to name the addresses of your proxies with {@link #trusted}.
     *
     * @return this builder
     */
    public Builder<Q> privateRanges() {
      return trusted(PRIVATE);
    }

    /**
     * Sets the result if the peer and all addresses of the list are trusted. Default {@link
     * AllTrusted#LEFTMOST}. If an element has no address, or a limit is reached, the client is the
     * last address that was read in any case.
     *
     * @param result the result
     * @return this builder
     */
    public Builder<Q> whenAllTrusted(AllTrusted result) {
      this.whenAllTrusted = requireNonNull(result, "result");
      return this;
    }

    /**
     * {@return a new reader}
     *
     * @throws FaultException if no trusted ranges were set, or any of them is malformed or has bits
     *     set after its prefix; the message names all of these
     */
    public ClientIp<Q> build() {
      Faults faults = new Faults();
      if (!declared) {
        faults.add("trusted", "absent", "the addresses of your proxies, or privateRanges()");
      }
      List<AddressRange> trusted = new ArrayList<>();
      for (String range : ranges) {
        AddressRange read = AddressRange.read("trusted", range, faults);
        if (read != null) {
          trusted.add(read);
        }
      }
      faults.refuse();
      return new ClientIp<>(this, trusted);
    }
  }
}
