package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.examples.gateway.config.IpLiteral;
import dev.limpet.examples.gateway.config.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides who may use the port for operators. */
final class AdminGuard {
  /*
   * Without a token, only this host can reach the port. But a browser on this host can, too: a page
   * of a stranger whose name leads to 127.0.0.1 could read everything here. Such a request names the
   * stranger as its host, so a name other than localhost is refused.
   */

  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"limpet\"";
  private static final String LOCALHOST = "localhost";

  private final byte @Nullable [] token;

  /** Makes a guard; without a token, one that lets every request of this host pass. */
  AdminGuard(@Nullable Secret token) {
    this.token = (token == null) ? null : token.bytes();
  }

  /** Returns whether it has answered a request that must not pass. */
  boolean refuses(HttpServerRequest request) {
    if (token != null && !bears(request, token)) {
      request.response().putHeader(HttpHeaderNames.WWW_AUTHENTICATE, CHALLENGE);
      AdminAnswer.send(request, HttpResponseStatus.UNAUTHORIZED);
      return true;
    }
    if (token == null && !isForThisHost(request.authority())) {
      AdminAnswer.send(request, HttpResponseStatus.FORBIDDEN);
      return true;
    }
    return false;
  }

  /** Takes as long for a wrong token as for the right one. */
  private static boolean bears(HttpServerRequest request, byte[] token) {
    List<String> fields = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    if (fields.size() != 1) {
      return false;
    }
    String field = fields.get(0);
    boolean isBearer = field.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String given = isBearer ? field.substring(SCHEME.length()).strip() : "";
    return MessageDigest.isEqual(token, given.getBytes(ISO_8859_1));
  }

  private static boolean isForThisHost(@Nullable HostAndPort authority) {
    if (authority == null) {
      return false;
    }
    String host = authority.host();
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return host.equalsIgnoreCase(LOCALHOST)
        || IpLiteral.parse(bracketed ? host.substring(1, host.length() - 1) : host) != null;
  }
}
