package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Profile;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.Running.Served;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An owner of sessions: a pool or, in the profile classic, a listener.
 *
 * @param name its name
 * @param pool the pool
 * @param sticky how its sessions stick; null if they do not
 * @param listeners the listeners whose sessions it has
 * @param routers the routers of these listeners
 */
record SessionOwner(
    String name,
    PoolConfig pool,
    @Nullable StickyConfig sticky,
    List<ListenerConfig> listeners,
    List<StickyRouter<?>> routers) {

  /** Returns all owners of a gateway, in the order of its configuration. */
  static List<SessionOwner> all(Running running) {
    GatewayConfig config = running.config();
    return isClassic(running)
        ? config.listeners().stream().map(listener -> of(running, listener)).toList()
        : config.pools().stream().map(pool -> of(running, pool)).toList();
  }

  /** Returns whether the owners are listeners, and not pools. */
  static boolean isClassic(Running running) {
    return running.config().profile() == Profile.CLASSIC;
  }

  /** Returns the name of the owner of a listener's sessions. */
  static String of(Running running, String listener, String pool) {
    return isClassic(running) ? listener : pool;
  }

  /** Returns the routers of all listeners of a pool. */
  static List<StickyRouter<?>> routers(Running running, String pool) {
    return routers(running, listeners(running, pool));
  }

  /** Returns the listeners of a pool. */
  static List<ListenerConfig> listeners(Running running, String pool) {
    return running.config().listeners().stream()
        .filter(listener -> listener.pool().equals(pool))
        .toList();
  }

  private static SessionOwner of(Running running, PoolConfig pool) {
    List<ListenerConfig> listeners = listeners(running, pool.name());
    return new SessionOwner(
        pool.name(), pool, pool.stickySession(), listeners, routers(running, listeners));
  }

  private static SessionOwner of(Running running, ListenerConfig listener) {
    List<ListenerConfig> alone = List.of(listener);
    return new SessionOwner(
        listener.name(),
        running.config().pool(listener),
        running.config().stickySession(listener),
        alone,
        routers(running, alone));
  }

  private static List<StickyRouter<?>> routers(
      Running running, Collection<ListenerConfig> listeners) {
    return listeners.stream()
        .map(listener -> running.listeners().get(listener.name()))
        .filter(Objects::nonNull)
        .<StickyRouter<?>>map(Served::router)
        .toList();
  }
}
