package dev.limpet.undertow;

import dev.limpet.l7.HttpAccess;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes the requests and responses of Undertow, which are one object: the exchange. A
 * request is secure if its scheme is {@code https}, which {@code ProxyPeerAddressHandler} sets from
 * the fields of trusted proxies.
 */
public enum UndertowAccess implements HttpAccess<HttpServerExchange, HttpServerExchange> {
  /** The only instance. */
  INSTANCE;

  @Override
  public List<String> requestFields(HttpServerExchange exchange, String name) {
    return copy(exchange.getRequestHeaders(), name);
  }

  @Override
  public String target(HttpServerExchange exchange) {
    String query = exchange.getQueryString();
    String path = path(exchange);
    return query.isEmpty() ? path : path + '?' + query;
  }

  @Override
  public String method(HttpServerExchange exchange) {
    return exchange.getRequestMethod().toString();
  }

  @Override
  public boolean isSecure(HttpServerExchange exchange) {
    return exchange.isSecure();
  }

  @Override
  public int status(HttpServerExchange exchange) {
    return exchange.getStatusCode();
  }

  @Override
  public List<String> fields(HttpServerExchange exchange, String name) {
    return copy(exchange.getResponseHeaders(), name);
  }

  @Override
  public void setFields(HttpServerExchange exchange, String name, List<String> values) {
    exchange.getResponseHeaders().putAll(field(name), values);
  }

  /** Returns the name of a field, which Undertow has already made if it is a common one. */
  static HttpString field(String name) {
    HttpString common = Headers.fromCache(name);
    return (common == null) ? new HttpString(name) : common;
  }

  /** Copies the values, because Undertow's list is the field itself. */
  private static List<String> copy(HeaderMap fields, String name) {
    @Nullable HeaderValues values = fields.get(field(name));
    if (values == null) {
      return List.of();
    }
    return (values.size() == 1) ? List.of(values.getFirst()) : List.copyOf(values);
  }

  /** Returns the path without the authority that a request to a forward proxy has before it. */
  private static String path(HttpServerExchange exchange) {
    String uri = exchange.getRequestURI();
    if (!exchange.isHostIncludedInRequestURI()) {
      return uri;
    }
    int slash = uri.indexOf('/', uri.indexOf("//") + 2);
    return (slash < 0) ? "" : uri.substring(slash);
  }
}
