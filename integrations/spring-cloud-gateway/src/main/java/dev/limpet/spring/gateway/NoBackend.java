package dev.limpet.spring.gateway;

import dev.limpet.l7.StickyExchange;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The response to a request that no backend can serve. */
final class NoBackend {
  private NoBackend() {}

  /**
   * Fails with the status, so that Spring's error handlers and other filters see it. Clients of the
   * Model Context Protocol get an error in JSON, which says whether their session is over.
   */
  static Mono<Void> answer(
      ServerWebExchange exchange, StickyPool<?, ?> pool, StickyExchange<?, ?> sticky) {
    int status = sticky.statusWithoutBackend();
    if (pool.isMcp() && !exchange.getResponse().isCommitted()) {
      return json(exchange.getResponse(), status);
    }
    return Mono.error(failure(pool, sticky, status));
  }

  /** Returns the failure of a request that no backend can serve. */
  static ResponseStatusException failure(
      StickyPool<?, ?> pool, StickyExchange<?, ?> sticky, int status) {
    return new ResponseStatusException(
        HttpStatusCode.valueOf(status), "pool " + pool.name() + ": " + sticky.route());
  }

  private static Mono<Void> json(ServerHttpResponse response, int status) {
    response.setRawStatusCode(status);
    McpError.setFields(response.getHeaders(), status);
    byte[] body = McpError.body(status);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }
}
