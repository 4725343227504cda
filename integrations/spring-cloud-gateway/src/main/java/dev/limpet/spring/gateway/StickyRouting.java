package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.l7.StickyExchange;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.DelegatingServiceInstance;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sends a request to the backend of its session, and to another one if it cannot be reached. */
final class StickyRouting {
  /*
   * The gateway's routing filters read the target from an attribute of the exchange. So the target
   * is set there, and the rest of the chain is run, once for each backend that is tried. The body
   * is asked for when a connection is open. Until then, nothing was sent, and the body can go
   * elsewhere. The prefix of a scheme such as lb:ws is removed, or Spring would choose an instance
   * again.
   */

  static final String SCHEME = "limpet";
  private static final String LB = "lb";

  private final StickyPools<ServerHttpRequest, ServerHttpResponse> pools;
  private final DiscoveredBackends discovered;

  StickyRouting(
      StickyPools<ServerHttpRequest, ServerHttpResponse> pools, DiscoveredBackends discovered) {
    this.pools = pools;
    this.discovered = discovered;
  }

  /**
   * Routes a request whose route has the scheme {@code lb} or {@code limpet}.
   *
   * @param named the name of the pool; null for the host of the route's URI
   */
  Mono<Void> route(ServerWebExchange exchange, GatewayFilterChain chain, @Nullable String named) {
    URI url = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
    String prefix = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR);
    boolean isListed = SCHEME.equalsIgnoreCase(url.getScheme());
    boolean isDiscovered = LB.equalsIgnoreCase(url.getScheme()) || LB.equalsIgnoreCase(prefix);
    if (!isListed && !isDiscovered) {
      throw new IllegalStateException("uri: " + url.getScheme() + "://" + url.getAuthority()
          + " (expected: lb:// or limpet://, as the route has the filter Limpet)");
    }
    StickyPool<ServerHttpRequest, ServerHttpResponse> pool =
        isListed ? pools.listed(nameOf(url, named)) : pools.pool(nameOf(url, named));
    Mono<Void> ready = isListed ? Mono.empty() : discovered.refresh(pool, nameOf(url, null));
    String scheme = (prefix == null) ? null : url.getScheme();
    StickyRequest request = StickyRequest.of(exchange);
    if (request == null) {
      throw new IllegalStateException("request: not received by WebFlux's filters");
    }
    ServerWebExchangeUtils.addOriginalRequestUrl(exchange, url);
    return ready
        .then(Mono.defer(() -> request.begin(exchange, pool)))
        .flatMap(sticky -> new Attempts(exchange, chain, request, pool, sticky, scheme).next());
  }

  private static String nameOf(URI url, @Nullable String named) {
    String name = (named == null) ? url.getHost() : named;
    if (name == null) {
      throw new IllegalStateException("uri: " + url.getScheme() + "://" + url.getAuthority()
          + " (expected: the name of a host)");
    }
    return name;
  }

  /** The attempts of one request. */
  private record Attempts(
      ServerWebExchange exchange,
      GatewayFilterChain chain,
      StickyRequest request,
      StickyPool<ServerHttpRequest, ServerHttpResponse> pool,
      StickyExchange<ServerHttpRequest, ServerHttpResponse> sticky,
      @Nullable String scheme) {

    Mono<Void> next() {
      Backend backend = sticky.backend();
      if (backend == null) {
        return NoBackend.answer(exchange, pool, sticky);
      }
      setTarget(backend);
      SentRequest sent = new SentRequest(exchange.getRequest());
      return chain
          .filter(exchange.mutate().request(sent).build())
          .doOnSuccess(done -> request.answered(exchange))
          .onErrorResume(error -> afterFailure(error, sent));
    }

    private void setTarget(Backend backend) {
      ServiceInstance instance = Targets.instance(backend);
      URI target = LoadBalancerUriTools.reconstructURI(
          new DelegatingServiceInstance(instance, (scheme != null) ? scheme : backend.scheme()),
          exchange.getRequest().getURI());
      ServerWebExchangeUtils.removeAlreadyRouted(exchange);
      exchange.getAttributes().remove(ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR);
      exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, target);
      exchange
          .getAttributes()
          .put(
              ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR,
              new DefaultResponse(instance));
    }

    private Mono<Void> afterFailure(Throwable error, SentRequest sent) {
      FailureKind kind = Failures.kind(error);
      if (Failures.isOfConnect(error) || (kind != null && !sent.isSent())) {
        return EventLoop.await(sticky.connectFailedAsync(), exchange.getRequest())
            .flatMap(connectable -> next());
      }
      boolean hasResponse =
          exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR) != null;
      if (kind != null && !hasResponse && sent.isOfBackend(kind)) {
        sticky.failed(kind);
      }
      return Mono.error(error);
    }
  }
}
