package dev.limpet.vertx.internal.http;

import dev.limpet.core.Backend;
import dev.limpet.vertx.internal.net.Addresses;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a backend sees of a client's request, before its body. */
final class RequestHead {
  private static final String COOKIE = "Cookie";
  private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  private static final AsciiString FORWARDED_HOST = AsciiString.cached("x-forwarded-host");

  private final HttpServerRequest request;
  private final Backend backend;
  private final @Nullable String authority;
  private final HttpHeaders headers = new DefaultHttpHeaders();

  private RequestHead(HttpServerRequest request, Backend backend) {
    this.request = request;
    this.backend = backend;
    this.authority = Objects.toString(request.authority(), null);
  }

  /**
   * Returns a request without a body.
   *
   * @param changed the fields that change on the way
   * @throws IllegalArgumentException if the client's request has fields that no HTTP/1 message can
   *     have
   */
  static HttpRequest withoutBody(
      HttpServerRequest request, Backend backend, Map<String, List<String>> changed) {
    HttpHeaders headers = new RequestHead(request, backend).headers(changed);
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1,
        request.method().toNetty(),
        Targets.origin(request.uri()),
        Unpooled.EMPTY_BUFFER,
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  /** As {@link #withoutBody}, for a request whose body follows. */
  static HttpRequest withBody(
      HttpServerRequest request, Backend backend, Map<String, List<String>> changed) {
    HttpHeaders headers = new RequestHead(request, backend).headers(changed);
    if (!headers.contains("content-length")) {
      headers.set("transfer-encoding", "chunked");
    }
    return new DefaultHttpRequest(
        HttpVersion.HTTP_1_1, request.method().toNetty(), Targets.origin(request.uri()), headers);
  }

  /** As {@link #withoutBody}, for the upgrade to a WebSocket. */
  static HttpRequest upgrade(
      HttpServerRequest request, Backend backend, Map<String, List<String>> changed) {
    HttpRequest upgrade = withoutBody(request, backend, changed);
    upgrade.headers().set("connection", "Upgrade").set("upgrade", "websocket");
    return upgrade;
  }

  private HttpHeaders headers(Map<String, List<String>> changed) {
    headers.set(HttpHeaderNames.HOST, (authority == null) ? backend.authority() : authority);
    HopByHop dropped = HopByHop.of(values(HttpHeaderNames.CONNECTION));
    request.headers().forEach((name, value) -> {
      if (!dropped.contains(name) && !isReplaced(name)) {
        headers.add(name, value);
      }
    });
    List<String> cookies = changed.get(COOKIE);
    addCookies((cookies == null) ? values(HttpHeaderNames.COOKIE) : cookies);
    changed.forEach(this::change);
    addForwarded();
    return headers;
  }

  private List<String> values(CharSequence name) {
    return request.headers().contains(name) ? request.headers().getAll(name) : List.of();
  }

  private static boolean isReplaced(String name) {
    return switch (name.charAt(0)) {
      case 'h', 'H' -> name.equalsIgnoreCase("host");
      case 'c', 'C' -> name.equalsIgnoreCase("cookie");
      case 'e', 'E' -> name.equalsIgnoreCase("expect");
      case 'f', 'F', 'x', 'X' -> isClaim(name);
      default -> false;
    };
  }

  // Some backends read X_Forwarded_For as X-Forwarded-For.
  private static boolean isClaim(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
    return plain.startsWith("x-forwarded-")
        || plain.equals("forwarded")
        || plain.equals("x-real-ip")
        || plain.equals("x-client-ip");
  }

  private void change(String name, List<String> values) {
    if (!name.equals(COOKIE)) {
      headers.set(name, values);
    }
  }

  private void addCookies(List<String> cookies) {
    if (cookies.isEmpty()) {
      return;
    }
    if (request.version() == io.vertx.core.http.HttpVersion.HTTP_2) {
      headers.add(HttpHeaderNames.COOKIE, String.join("; ", cookies));
    } else {
      headers.add(HttpHeaderNames.COOKIE, cookies);
    }
  }

  /** Adds what the proxy knows of the client, after what trusted proxies say of it. */
  private void addForwarded() {
    headers.add(FORWARDED_FOR, forwardedFor());
    headers.add(FORWARDED_PROTO, ForwardedClient.scheme(request));
    String claimed = ForwardedClient.host(request);
    String host = (claimed == null) ? authority : claimed;
    if (host != null) {
      headers.add(FORWARDED_HOST, host);
    }
  }

  private String forwardedFor() {
    List<String> hops = ForwardedClient.hops(request);
    String known = Addresses.clientText(request.connection());
    String peer = (known == null) ? "unknown" : known;
    return hops.isEmpty() ? peer : String.join(", ", hops) + ", " + peer;
  }
}
