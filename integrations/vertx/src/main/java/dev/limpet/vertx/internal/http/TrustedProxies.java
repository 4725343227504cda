package dev.limpet.vertx.internal.http;

import dev.limpet.l7.AddressRange;
import dev.limpet.l7.ClientIp;
import dev.limpet.vertx.VertxAccess;
import dev.limpet.vertx.internal.net.Addresses;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies before a proxy that are believed what they say of clients. Safe for use by many
 * threads at once.
 */
public final class TrustedProxies {
  /** Believes nobody. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private final List<AddressRange> trusted;
  private final ClientIp<HttpServerRequest> reader;

  /**
   * Makes trusted proxies.
   *
   * @param trusted their addresses and ranges
   */
  public TrustedProxies(Collection<String> trusted) {
    this.reader = ClientIp.xForwardedFor(new VertxAccess(), TrustedProxies::peer)
        .trusted(List.copyOf(trusted))
        .build();
    this.trusted = trusted.stream().map(AddressRange::parse).toList();
  }

  /** Returns a request that knows these proxies, for the router. */
  HttpServerRequest known(HttpServerRequest received) {
    return trusted.isEmpty()
        ? received
        : new TrustedRequest((HttpServerRequestInternal) received, this);
  }

  /** Returns whether a request comes from such a proxy. */
  boolean sent(HttpServerRequest request) {
    InetAddress peer = trusted.isEmpty() ? null : peer(request);
    return peer != null && trusted.stream().anyMatch(range -> range.contains(peer));
  }

  /** Returns the address of a request's client; null if it has none. */
  @Nullable
  InetAddress client(HttpServerRequest request) {
    return reader.address(request);
  }

  /** Returns the address in the PROXY header, or else that of the peer. */
  private static @Nullable InetAddress peer(HttpServerRequest request) {
    return Addresses.client(request.connection());
  }
}
