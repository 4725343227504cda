package dev.limpet.vertx.internal.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What trusted proxies say of a request's client. */
public final class ForwardedClient {
  /*
   * The proxies of one pool share its sessions, and so the code that finds the client of a request.
   * But each of them may trust other proxies. So a request carries what its proxy trusts.
   */

  private static final String PROTO = "x-forwarded-proto";
  private static final String HOST = "x-forwarded-host";
  private static final String FOR = "x-forwarded-for";

  private ForwardedClient() {}

  /** Returns the address of a request's client; null if it has none. */
  public static @Nullable InetAddress of(HttpServerRequest request) {
    return trusted(request).client(request);
  }

  /** Returns whether the client uses TLS. */
  public static boolean isSecure(HttpServerRequest request) {
    return scheme(request).equals("https");
  }

  /** Returns the client's scheme: what a trusted proxy says, or else that of the connection. */
  static String scheme(HttpServerRequest request) {
    String only = only(request, PROTO);
    if ("https".equalsIgnoreCase(only)) {
      return "https";
    }
    return ("http".equalsIgnoreCase(only) || !request.isSSL()) ? "http" : "https";
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
    return trusted(request).sent(request) ? request.headers().getAll(FOR) : List.of();
  }

  private static @Nullable String only(HttpServerRequest request, String name) {
    if (!trusted(request).sent(request)) {
      return null;
    }
    List<String> said = request.headers().getAll(name);
    return (said.size() == 1) ? said.get(0).strip() : null;
  }

  private static TrustedProxies trusted(HttpServerRequest request) {
    return (request instanceof TrustedRequest known) ? known.trusted() : TrustedProxies.NONE;
  }
}
