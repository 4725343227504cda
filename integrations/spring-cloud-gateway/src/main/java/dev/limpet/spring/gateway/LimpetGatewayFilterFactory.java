package dev.limpet.spring.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/**
 * Makes the filter {@code Limpet}, which gives a route sticky sessions. The route's URI is {@code
 * lb://} and the name of a service, or {@code limpet://} and the name of a pool whose backends the
 * properties list.
 *
 * <pre>{@code
 * filters: [ Limpet ]        # the pool has the name of the service
 * filters: [ Limpet=shop ]   # the pool is named, for its settings below limpet.pools.shop
 * }</pre>
 */
public final class LimpetGatewayFilterFactory
    extends AbstractGatewayFilterFactory<LimpetGatewayFilterFactory.Config> {
  /** After all filters that change the request, and just before Spring's own load balancer. */
  static final int ORDER = ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER - 2;

  private final StickyRouting routing;

  LimpetGatewayFilterFactory(StickyRouting routing) {
    super(Config.class);
    this.routing = routing;
  }

  /** {@return the arguments of the short form {@code Limpet=shop}, in their order} */
  @Override
  public List<String> shortcutFieldOrder() {
    return List.of("pool");
  }

  /**
   * {@return the filter of a route}
   *
   * @param config the arguments
   * @throws IllegalArgumentException if the pool's name is not as expected
   */
  @Override
  public GatewayFilter apply(Config config) {
    String pool = config.getPool();
    String checked = (pool == null) ? null : StickyPools.checkName(pool);
    return new OrderedGatewayFilter(
        (exchange, chain) -> routing.route(exchange, chain, checked), ORDER);
  }

  /** The arguments of the filter. Not for use by several threads at once. */
  public static final class Config {
    private @Nullable String pool;

    /** Makes arguments without a pool. */
    public Config() {}

    /** {@return the name of the pool; null for the host of the route's URI} */
    public @Nullable String getPool() {
      return pool;
    }

    /**
     * Sets the name of the pool.
     *
     * @param pool 1..64 of A-Za-z0-9._-; null for the host of the route's URI
     */
    public void setPool(@Nullable String pool) {
      this.pool = pool;
    }
  }
}
