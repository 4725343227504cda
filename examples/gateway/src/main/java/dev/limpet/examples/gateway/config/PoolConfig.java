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
 * @param failover what happens to a bound session while its backend cannot serve it; null for what
 *     suits the type of its sessions
 * @param stickySession in the profiles enhanced and open, null if not sticky; in classic always
 *     null: see {@link GatewayConfig#stickySession}
 * @param sharedTable where the sessions are shared with other gateways; null if they are not
 * @param healthCheck how the backends are checked; null if they are not
 * @param passiveHealth when backends are ejected; null for never
 * @param responseTimeout how long a backend may take to respond to an HTTP request; null for any
 *     time
 * @param returnToEarlierTier whether sessions leave a later tier as soon as an earlier one has room
 * @param backends at least one, with different ids
 */
public record PoolConfig(
    String name,
    Algorithm algorithm,
    Duration slowStart,
    @Nullable Failover failover,
    @Nullable StickyConfig stickySession,
    @Nullable SharedTableConfig sharedTable,
    @Nullable HealthCheckConfig healthCheck,
    @Nullable PassiveHealthConfig passiveHealth,
    @Nullable Duration responseTimeout,
    boolean returnToEarlierTier,
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
        healthCheck,
        passiveHealth,
        responseTimeout,
        returnToEarlierTier,
        backends);
  }
}
