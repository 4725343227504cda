package dev.limpet.spring.gateway;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Remembers each request before any other filter can change it, and ends it after all of them. */
final class StickyRequestFilter implements WebFilter, Ordered {

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return Mono.defer(() -> {
      StickyRequest request = StickyRequest.receive(exchange);
      return Mono.defer(() -> chain.filter(exchange)).doFinally(signal -> request.end());
    });
  }
}
