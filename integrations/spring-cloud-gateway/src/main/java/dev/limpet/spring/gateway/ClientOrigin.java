package dev.limpet.spring.gateway;

import dev.limpet.l7.AddressRange;
import dev.limpet.l7.ClientIp;
import dev.limpet.spring.gateway.LimpetProperties.ClientAddressHeader;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells where a request came from: as trusted proxies say, or else as its connection does. */
final class ClientOrigin<Q> {
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HTTPS = "https";

  private final ClientAccess<Q, ?> access;
  private final List<AddressRange> trusted;
  private final ClientIp<Q> reader;

  /**
   * Makes a reader.
   *
   * @param access reads fields and connections
   * @param trusted the proxies that are believed
   * @param header the field that they write
   * @throws IllegalArgumentException if a range is malformed; the message names all of them
   */
  ClientOrigin(ClientAccess<Q, ?> access, List<String> trusted, ClientAddressHeader header) {
    ClientIp.Builder<Q> builder = (header == ClientAddressHeader.FORWARDED)
        ? ClientIp.forwarded(access, access::peer)
        : ClientIp.xForwardedFor(access, access::peer);
    this.access = access;
    this.reader = builder.trusted(trusted).build();
    this.trusted = trusted.stream().map(AddressRange::parse).toList();
  }

  /**
   * Returns the reader that properties describe.
   *
   * @throws InvalidPropertiesException if a range is malformed
   */
  static <Q> ClientOrigin<Q> of(ClientAccess<Q, ?> access, LimpetProperties properties) {
    PropertyFaults faults = new PropertyFaults();
    ClientOrigin<Q> origin = faults.orFault(
        LimpetProperties.PREFIX,
        () -> new ClientOrigin<>(
            access, properties.trustedProxies(), properties.clientAddressHeader()));
    faults.refuse();
    return Objects.requireNonNull(origin);
  }

  /** Returns the address of a request's client; null if it is not known. */
  @Nullable
  InetAddress address(Q request) {
    return reader.address(request);
  }

  /** Returns whether a request's client uses TLS. */
  boolean isSecure(Q request) {
    return access.isSecure(request) || isForwardedFromTls(request);
  }

  private boolean isForwardedFromTls(Q request) {
    List<String> said = access.requestFields(request, PROTO);
    return said.size() == 1 && HTTPS.equalsIgnoreCase(said.get(0).strip()) && isTrusted(request);
  }

  private boolean isTrusted(Q request) {
    InetAddress peer = access.peer(request);
    return peer != null && trusted.stream().anyMatch(range -> range.contains(peer));
  }
}
