package dev.limpet.spring.gateway;

import java.net.URI;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Routes requests of routes with the scheme {@code limpet}, also without the filter Limpet. */
final class LimpetSchemeFilter implements GlobalFilter, Ordered {
  private final StickyRouting routing;

  LimpetSchemeFilter(StickyRouting routing) {
    this.routing = routing;
  }

  @Override
  public int getOrder() {
    return LimpetGatewayFilterFactory.ORDER + 1; // the filter has changed the scheme by then
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    URI url = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
    return (url != null && StickyRouting.SCHEME.equalsIgnoreCase(url.getScheme()))
        ? routing.route(exchange, chain, null)
        : chain.filter(exchange);
  }
}
