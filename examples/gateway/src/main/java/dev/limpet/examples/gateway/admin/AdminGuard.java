package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.examples.gateway.config.IpLiteral;
import dev.limpet.examples.gateway.config.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Decides who may use the port for operators. For use by one thread. */
final class AdminGuard {
  /*
   * Without a token, only this host can reach the port. But a browser on this host can, too: a page
   * of a stranger whose name resolves to 127.0.0.1 could read everything here. Such a request names
   * the stranger as its host, so a name other than localhost is refused. A page of a stranger can
   * also send requests without reading the answers. Such a request names the stranger as its
   * origin, so another origin is refused. Some name no origin, such as those for images. Browsers
   * mark them as from another site, so they are refused, too, except for the page itself: a link
   * may point to it.
   */

  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"limpet\"";
  private static final String LOCALHOST = "localhost";
  private static final String FETCH_SITE = "sec-fetch-site";
  private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

  private final byte @Nullable [] token;
  private final WrongTokens wrong;

  /**
   * Makes a guard; without a token, one that lets every request of this host pass.
   *
   * @param nanos the clock by which wrong tokens are forgotten
   */
  AdminGuard(@Nullable Secret token, LongSupplier nanos) {
    this.token = (token == null) ? null : token.bytes();
    this.wrong = new WrongTokens(nanos);
  }

  /**
   * Answers a request that must not pass, and returns whether it did.
   *
   * @param isPublic whether the page contains nothing that needs the token
   */
  boolean refuses(HttpServerRequest request, boolean isPublic) {
    Reply refusal = refusal(request, isPublic);
    if (refusal != null) {
      AdminAnswer.send(request, refusal);
    }
    return refusal != null;
  }

  private @Nullable Reply refusal(HttpServerRequest request, boolean isPublic) {
    boolean isHere = token != null || isForThisHost(request);
    if (!isHere || isOfAnotherOrigin(request) || (!isPublic && isOfAnotherSite(request))) {
      return AdminAnswer.plain(request, HttpResponseStatus.FORBIDDEN);
    }
    return (token == null || isPublic) ? null : refusal(request, token);
  }

  private @Nullable Reply refusal(HttpServerRequest request, byte[] token) {
    String address = address(request);
    Duration delay = wrong.delay(address);
    if (!delay.isZero()) {
      return AdminAnswer.plain(request, HttpResponseStatus.TOO_MANY_REQUESTS)
          .with(HttpHeaderNames.RETRY_AFTER, String.valueOf(delay.toSeconds() + 1));
    }
    if (bears(request, token)) {
      return null;
    }
    if (request.headers().contains(HttpHeaderNames.AUTHORIZATION)) {
      wrong.record(address);
    }
    return AdminAnswer.plain(request, HttpResponseStatus.UNAUTHORIZED)
        .with(HttpHeaderNames.WWW_AUTHENTICATE, CHALLENGE);
  }

  /** Returns the address of the client; {@code unknown} if the connection has none. */
  static String address(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    String address = (remote == null) ? null : remote.hostAddress();
    return (address == null) ? "unknown" : address;
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

  private static boolean isForThisHost(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (authority == null || request.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
      return false;
    }
    String host = authority.host();
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return host.equalsIgnoreCase(LOCALHOST)
        || IpLiteral.parse(bracketed ? host.substring(1, host.length() - 1) : host) != null;
  }

  private static boolean isOfAnotherSite(HttpServerRequest request) {
    return request.headers().getAll(FETCH_SITE).stream().anyMatch(OTHER_SITES::contains);
  }

  private static boolean isOfAnotherOrigin(HttpServerRequest request) {
    List<String> origins = request.headers().getAll(HttpHeaderNames.ORIGIN);
    if (origins.isEmpty()) {
      return false;
    }
    String host = request.getHeader(HttpHeaderNames.HOST);
    String origin = origins.get(0);
    return origins.size() > 1
        || host == null
        || !(origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }
}
