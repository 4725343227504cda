package dev.limpet.spring.gateway;

import dev.limpet.core.Environment;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.cloud.gateway.server.mvc.GatewayServerMvcAutoConfiguration;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.cloud.gateway.server.mvc.filter.FilterSupplier;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctionDefinition;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.servlet.function.ServerResponse;

/** Configures sticky sessions in Spring Cloud Gateway for WebMVC. */
@AutoConfiguration(before = GatewayServerMvcAutoConfiguration.class)
@ConditionalOnClass(GatewayServerResponse.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "spring.cloud.gateway.server.webmvc.enabled", matchIfMissing = true)
@Import(CommonConfiguration.class)
public final class LimpetWebMvcAutoConfiguration {

  /** Makes the configuration. Spring calls this. */
  public LimpetWebMvcAutoConfiguration() {}

  @Bean
  @Lazy(false) // so that wrong properties fail the start
  StickyPools<HttpServletRequest, ServerResponse> limpetStickyPools(
      LimpetProperties properties,
      Environment environment,
      ObjectProvider<AffinityFactory<HttpServletRequest, ServerResponse>> factories,
      ObjectProvider<SharedTables> sharedTables) {
    return StickyPools.of(
        properties,
        environment,
        new WebMvcAccess(),
        factories.orderedStream().toList(),
        sharedTables.getIfAvailable());
  }

  @Bean
  WebMvcRouting limpetWebMvcRouting(
      StickyPools<HttpServletRequest, ServerResponse> pools,
      ObjectProvider<LoadBalancerClientFactory> suppliers) {
    return new WebMvcRouting(pools, new DiscoveredBackends(suppliers));
  }

  @Bean
  FilterSupplier limpetFilterSupplier() {
    return new LimpetFilterFunctions.Supplier();
  }

  /** Serves routes with the scheme {@code limpet}; Spring finds it by its name. */
  @Bean
  Function<RouteProperties, HandlerFunctionDefinition> limpetHandlerFunctionDefinition(
      WebMvcRouting routing) {
    return new WebMvcSchemes.Limpet(routing);
  }

  @Bean
  static WebMvcSchemes limpetWebMvcSchemes() {
    return new WebMvcSchemes();
  }

  @Bean
  WebMvcRequestFilter limpetWebMvcRequestFilter() {
    return new WebMvcRequestFilter();
  }

  @Bean
  WebMvcHeadersFilter limpetWebMvcHeadersFilter() {
    return new WebMvcHeadersFilter();
  }
}
