package dev.limpet.spring.gateway;

import java.util.List;
import java.util.Map;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Changes the fields that a backend gets: keeps LB cookies from it, for example. It does so to the
 * fields that route filters have left, so that a removed field stays removed.
 */
final class StickyHeadersFilter implements HttpHeadersFilter, Ordered {

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
    StickyRequest request = StickyRequest.of(exchange);
    StickyPool<ServerHttpRequest, ServerHttpResponse> pool =
        (request == null) ? null : request.pool();
    return (pool == null) ? input : changed(input, pool, exchange.getRequest());
  }

  private static HttpHeaders changed(
      HttpHeaders input,
      StickyPool<ServerHttpRequest, ServerHttpResponse> pool,
      ServerHttpRequest request) {
    Map<String, List<String>> changes =
        pool.router().fieldsToBackend(new WithHeaders(request, input));
    if (changes.isEmpty()) {
      return input;
    }
    HttpHeaders changed = new HttpHeaders();
    changed.addAll(input);
    changes.forEach((name, values) -> {
      changed.remove(name);
      changed.addAll(name, values);
    });
    return changed;
  }

  /** A request with other fields. */
  private static final class WithHeaders extends ServerHttpRequestDecorator {
    private final HttpHeaders headers;

    WithHeaders(ServerHttpRequest request, HttpHeaders headers) {
      super(request);
      this.headers = headers;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }
}
