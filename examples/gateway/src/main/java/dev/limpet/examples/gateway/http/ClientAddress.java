package dev.limpet.examples.gateway.http;

import dev.limpet.examples.gateway.config.Cidr;
import dev.limpet.examples.gateway.net.Addresses;
import dev.limpet.l7.ClientIp;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of a request's client, and what trusted proxies say of it. One for each listener. Safe
 * for use by many threads at once.
 */
public final class ClientAddress {
  /*
   * Listeners of one pool share its sessions, and so the code that finds the client of a request.
   * But each listener trusts proxies of its own. So a connection carries what its listener trusts.
   */

  private static final AttributeKey<ClientAddress> OF_LISTENER =
      AttributeKey.valueOf(ClientAddress.class, "listener");
  private static final ClientAddress OF_PEER = new ClientAddress(List.of());
  private static final String PROTO = "x-forwarded-proto";
  private static final String HOST = "x-forwarded-host";
  private static final String FOR = "x-forwarded-for";

  private final List<Cidr> trusted;
  private final ClientIp<HttpServerRequest> reader;

  /**
   * Makes the addresses of a listener.
   *
   * @param trusted the proxies that are believed
   */
  public ClientAddress(List<Cidr> trusted) {
    this.trusted = List.copyOf(trusted);
    this.reader = ClientIp.xForwardedFor(new VertxAccess(), ClientAddress::peer)
        .trusted(trusted.stream().map(Cidr::toString).toList())
        .build();
  }

  /** Returns the address of a request's client, as its listener is set. */
  public static InetAddress of(HttpServerRequest request) {
    InetAddress client = listener(request).reader.address(request);
    return (client == null) ? peer(request) : client;
  }

  /** Returns whether a trusted proxy says that the client uses TLS. */
  static boolean isSecure(HttpServerRequest request) {
    return "https".equals(scheme(request));
  }

  /** Returns what a trusted proxy says of the client's scheme; null if it says nothing valid. */
  static @Nullable String scheme(HttpServerRequest request) {
    String only = only(request, PROTO);
    if ("https".equalsIgnoreCase(only)) {
      return "https";
    }
    return "http".equalsIgnoreCase(only) ? "http" : null;
  }

  /** Returns what a trusted proxy says of the host asked for; null if it says nothing valid. */
  static @Nullable String host(HttpServerRequest request) {
    String only = only(request, HOST);
    boolean isOne = only != null
        && !only.isEmpty()
        && only.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ',');
    return isOne ? only : null;
  }

  /** Returns what trusted proxies say of the hops before them, in order. */
  static List<String> hops(HttpServerRequest request) {
    return listener(request).trusts(request) ? request.headers().getAll(FOR) : List.of();
  }

  /** From now on, the requests of a connection have the addresses of this listener. */
  void attach(HttpConnection connection) {
    ((ConnectionBase) connection).channel().attr(OF_LISTENER).set(this);
  }

  private static @Nullable String only(HttpServerRequest request, String name) {
    if (!listener(request).trusts(request)) {
      return null;
    }
    List<String> said = request.headers().getAll(name);
    return (said.size() == 1) ? said.get(0).strip() : null;
  }

  private boolean trusts(HttpServerRequest request) {
    if (trusted.isEmpty()) {
      return false;
    }
    InetAddress peer = peer(request);
    return trusted.stream().anyMatch(block -> block.contains(peer));
  }

  private static ClientAddress listener(HttpServerRequest request) {
    ClientAddress own =
        ((ConnectionBase) request.connection()).channel().attr(OF_LISTENER).get();
    return (own == null) ? OF_PEER : own;
  }

  /** Returns the address in the PROXY header, or else that of the peer. */
  private static InetAddress peer(HttpServerRequest request) {
    return Addresses.client(request.connection());
  }
}
