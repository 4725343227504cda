package dev.limpet.spring.gateway;

import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import org.jspecify.annotations.Nullable;

/**
 * Makes the affinity of a pool whose sessions no property can describe. Define a bean of this type.
 * The first bean that returns an affinity decides, before the properties {@code
 * limpet.pools.<name>.sticky-session}.
 *
 * <pre>{@code
 * @Bean
 * AffinityFactory<ServerHttpRequest, ServerHttpResponse> tenants() {
 *   return (pool, access) -> pool.name().equals("shop")
 *       ? HttpAffinity.of(KeyAffinity.of(tenantOf(access)), access)
 *       : null;
 * }
 * }</pre>
 *
 * @param <Q> the type of requests: {@link
 *     org.springframework.http.server.reactive.ServerHttpRequest} with WebFlux, {@link
 *     jakarta.servlet.http.HttpServletRequest} with WebMVC
 * @param <S> the type of responses: {@link
 *     org.springframework.http.server.reactive.ServerHttpResponse} with WebFlux, {@link
 *     org.springframework.web.servlet.function.ServerResponse} with WebMVC
 */
@FunctionalInterface
public interface AffinityFactory<Q, S> {

  /**
   * Returns the affinity of a pool. Called once for each pool.
   *
   * @param pool the pool, whose environment the affinity should use
   * @param access reads requests as they were received, and changes responses
   * @return the affinity; null to leave the pool to other factories and to the properties
   */
  @Nullable
  HttpAffinity<Q, S> affinity(Pool pool, HttpAccess<Q, S> access);
}
