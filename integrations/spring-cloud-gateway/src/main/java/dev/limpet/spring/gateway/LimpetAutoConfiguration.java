package dev.limpet.spring.gateway;

import dev.limpet.core.Environment;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.WebSocketService;

/** Configures sticky sessions in Spring Cloud Gateway for WebFlux. */
@AutoConfiguration(after = GatewayAutoConfiguration.class)
@ConditionalOnClass(GlobalFilter.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnProperty(name = "spring.cloud.gateway.server.webflux.enabled", matchIfMissing = true)
@Import(CommonConfiguration.class)
public final class LimpetAutoConfiguration {

  /** Makes the configuration. Spring calls this. */
  public LimpetAutoConfiguration() {}

  @Bean
  @Lazy(false) // so that wrong properties fail the start
  StickyPools<ServerHttpRequest, ServerHttpResponse> limpetStickyPools(
      LimpetProperties properties,
      Environment environment,
      ObjectProvider<AffinityFactory<ServerHttpRequest, ServerHttpResponse>> factories,
      ObjectProvider<SharedTables> sharedTables) {
    return StickyPools.of(
        properties,
        environment,
        new WebFluxAccess(),
        factories.orderedStream().toList(),
        sharedTables.getIfAvailable());
  }

  @Bean
  StickyRouting limpetStickyRouting(
      StickyPools<ServerHttpRequest, ServerHttpResponse> pools,
      ObjectProvider<LoadBalancerClientFactory> suppliers) {
    return new StickyRouting(pools, new DiscoveredBackends(suppliers));
  }

  @Bean
  LimpetGatewayFilterFactory limpetGatewayFilterFactory(StickyRouting routing) {
    return new LimpetGatewayFilterFactory(routing);
  }

  @Bean
  LimpetSchemeFilter limpetSchemeFilter(StickyRouting routing) {
    return new LimpetSchemeFilter(routing);
  }

  @Bean
  StickyRequestFilter limpetStickyRequestFilter() {
    return new StickyRequestFilter();
  }

  @Bean
  StickyHeadersFilter limpetStickyHeadersFilter() {
    return new StickyHeadersFilter();
  }

  @Bean
  static StickyWebSockets limpetStickyWebSockets(
      ObjectProvider<WebSocketClient> client,
      ObjectProvider<WebSocketService> service,
      ObjectProvider<List<HttpHeadersFilter>> headers) {
    return new StickyWebSockets(client, service, headers);
  }
}
