package dev.limpet.examples.gateway.config;

import dev.limpet.core.Failover;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backends that serve the same sessions.
 *
 * @param name a name that no other pool has
 * @param algorithm how new sessions are spread
 * @param slowStart how long a backend takes to reach its full weight after it came up
 * @param failover what happens to a bound session while its backend cannot serve it
 * @param stickySession in the profiles enhanced and open, null for none; in classic always null:
 *     see {@link GatewayConfig#stickySession}
 * @param sharedTable where the sessions are shared with other gateways; null if they are not
 * @param healthCheckInterval the interval between TCP health checks, and their timeout; null if the
 *     backends always count as up
 * @param responseTimeout how long a backend may take to respond to an HTTP request; null for any
 *     time
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
