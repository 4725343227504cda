package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.IpLiteral;
import dev.limpet.examples.gateway.operate.TracedRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests and connections that no client has sent, to find their sessions. They have only
 * the methods that affinities call; other methods throw an {@link UnsupportedOperationException}.
 */
final class MadeUpRequest {
  private MadeUpRequest() {}

  /** Makes an HTTP request. */
  static HttpServerRequest http(TracedRequest traced) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    traced.headers().forEach(headers::add);
    HttpConnection connection = of(HttpConnection.class, peer(traced)::answer);
    return of(HttpServerRequest.class, (self, method, arguments) -> switch (method.getName()) {
      case "headers" -> headers;
      case "uri" -> traced.target();
      case "method" -> HttpMethod.GET;
      case "isSSL" -> false;
      case "connection" -> connection;
      default -> throw new UnsupportedOperationException(method.getName());
    });
  }

  /** Makes a TCP connection. */
  static NetSocket tcp(TracedRequest traced) {
    return of(NetSocket.class, peer(traced)::answer);
  }

  private static Peer peer(TracedRequest traced) {
    InetAddress address = address(traced);
    return new Peer(
        (address == null)
            ? null
            : SocketAddress.inetSocketAddress(new InetSocketAddress(address, 0)));
  }

  /** Returns the client's address; null if it has none. Never looks up a name. */
  static @Nullable InetAddress address(TracedRequest traced) {
    String text = traced.address();
    return (text == null) ? null : IpLiteral.parse(text);
  }

  /** The client's end of a connection; its address is null if unknown. */
  private record Peer(@Nullable SocketAddress address) {
    @Nullable
    Object answer(Object self, Method method, Object @Nullable [] arguments) {
      if (method.getName().equals("remoteAddress")) {
        return address;
      }
      throw new UnsupportedOperationException(method.getName());
    }
  }

  private static <T> T of(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
