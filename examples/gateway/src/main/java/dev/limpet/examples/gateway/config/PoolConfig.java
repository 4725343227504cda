package dev.limpet.examples.gateway.config;

import dev.limpet.core.Failover;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backends that serve the same sessions.
 *
 * @param name tells it from other pools
 * @param algorithm how new sessions are spread
 * @param slowStart how long a backend takes to come to its whole weight after it came up
 * @param failover what a bound session gets while its backend cannot serve it
 * @param stickySession in the profiles enhanced and open, null for none; in classic always null:
 *     see {@link GatewayConfig#stickySession}
 * @param sharedTable where the sessions are shared with other gateways; null if they are not
 * @param healthCheckInterval from one TCP health check to the next, and its timeout; null if the
 *     backends are always up
 * @param responseTimeout how long a backend may keep an HTTP request waiting for its answer; null
 *     for ever
 * @param backends at least one, with different ids
 */
public record PoolConfig(
    String name,
    Algorithm algorithm,
    Duration slowStart,
    Failover failover,
    @Nullable StickyConfig stickySession,
    @Nullable SharedTableConfig sharedTable,
    @Nullable Duration healthCheckInterval,
    @Nullable Duration responseTimeout,
    List<BackendConfig> backends) {

  /** Makes a pool. */
  public PoolConfig {
    backends = List.copyOf(backends);
  }

  /**
   * Returns a copy with other backends.
   *
   * @param backends at least one, with different ids
   */
  public PoolConfig withBackends(List<BackendConfig> backends) {
    return new PoolConfig(
        name,
        algorithm,
        slowStart,
        failover,
        stickySession,
        sharedTable,
        healthCheckInterval,
        responseTimeout,
        backends);
  }
}
