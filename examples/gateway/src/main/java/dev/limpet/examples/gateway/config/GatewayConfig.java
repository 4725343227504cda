package dev.limpet.examples.gateway.config;

import dev.limpet.core.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a gateway. Immutable; without faults if {@link ConfigReader} made it.
 *
 * @param profile the limits that apply
 * @param listeners at least one, with different names
 * @param pools at least one, with different names, each used by a listener
 * @param keySecret makes the keys of sessions and, without {@code cookieSecrets}, those of LB
 *     cookies; null for a random one
 * @param tables the folder in which tables are saved between runs; null if they are not
 * @param cookieSecrets the LB cookies' key ring, with one signing key; empty if the keys are
 *     derived from {@code keySecret}
 * @param stopTimeout how long requests under way may continue after the gateway was told to stop
 * @param admin the port for operators; null if absent
 */
public record GatewayConfig(
    Profile profile,
    List<ListenerConfig> listeners,
    List<PoolConfig> pools,
    @Nullable Secret keySecret,
    @Nullable Path tables,
    List<CookieSecret> cookieSecrets,
    Duration stopTimeout,
    @Nullable AdminConfig admin) {

  /** Makes a configuration. */
  public GatewayConfig {
    listeners = List.copyOf(listeners);
    pools = List.copyOf(pools);
    cookieSecrets = List.copyOf(cookieSecrets);
  }

  /** Returns a copy that saves no tables. */
  public GatewayConfig withoutTables() {
    return new GatewayConfig(
        profile, listeners, pools, keySecret, null, cookieSecrets, stopTimeout, admin);
  }

  /**
   * Returns the pool that a listener routes to.
   *
   * @param listener a listener of this configuration
   * @throws IllegalArgumentException if there is no such pool
   */
  public PoolConfig pool(ListenerConfig listener) {
    for (PoolConfig pool : pools) {
      if (pool.name().equals(listener.pool())) {
        return pool;
      }
    }
    throw new IllegalArgumentException(
        "pool: " + listener.pool() + " (expected: one of " + poolNames() + ")");
  }

  /**
   * Returns how a listener's sessions stick, from the listener or the pool, depending on the
   * profile; null if they do not. In the profiles enhanced and open, listeners of one pool share
   * its sessions.
   *
   * @param listener a listener of this configuration
   */
  public @Nullable StickyConfig stickySession(ListenerConfig listener) {
    return isClassic() ? listener.stickySession() : pool(listener).stickySession();
  }

  /** Returns what the owners of sessions are: pools or, in the profile classic, listeners. */
  public String ownerKind() {
    return isClassic() ? "listener" : "pool";
  }

  /** Returns the names of the owners of sessions, in the order of this configuration. */
  public List<String> owners() {
    return isClassic() ? listeners.stream().map(ListenerConfig::name).toList() : poolNames();
  }

  /** Returns the name of the owner of a listener's sessions. */
  public String ownerOf(ListenerConfig listener) {
    return isClassic() ? listener.name() : listener.pool();
  }

  /** Returns the listeners whose sessions an owner has; empty if there is no such owner. */
  public List<ListenerConfig> listenersOf(String owner) {
    return listeners.stream()
        .filter(listener -> ownerOf(listener).equals(owner))
        .toList();
  }

  private boolean isClassic() {
    return profile == Profile.CLASSIC;
  }

  private List<String> poolNames() {
    return pools.stream().map(PoolConfig::name).toList();
  }
}
