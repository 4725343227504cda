package dev.limpet.examples.gateway.admin;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.Running.Served;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What belongs together in a gateway at one moment: owners of sessions, pools, listeners and
 * routers. An answer makes it once, so that it need not search all listeners for each pool.
 */
final class SessionOwners {
  private final Running running;
  private final Map<String, PoolConfig> pools;
  private final Map<String, List<ListenerConfig>> byPool;

  SessionOwners(Running running) {
    this.running = running;
    this.pools = running.config().pools().stream().collect(toMap(PoolConfig::name, pool -> pool));
    this.byPool = running.config().listeners().stream().collect(groupingBy(ListenerConfig::pool));
  }

  /** Returns all owners, in the order of the configuration. */
  List<SessionOwner> all() {
    GatewayConfig config = running.config();
    Map<String, List<ListenerConfig>> byOwner =
        config.listeners().stream().collect(groupingBy(config::ownerOf));
    return config.owners().stream()
        .map(owner -> owner(owner, requireNonNull(byOwner.get(owner), owner)))
        .toList();
  }

  private SessionOwner owner(String name, List<ListenerConfig> listeners) {
    ListenerConfig first = listeners.get(0);
    return new SessionOwner(name, pool(first), sticky(first), listeners, routers(listeners));
  }

  /** Returns the pools, in the order of the configuration. */
  List<PoolConfig> pools() {
    return running.config().pools();
  }

  /** Returns the listeners, in the order of the configuration. */
  List<ListenerConfig> listeners() {
    return running.config().listeners();
  }

  /** Returns the listeners of a pool. */
  List<ListenerConfig> listeners(String pool) {
    return byPool.getOrDefault(pool, List.of());
  }

  /** Returns the routers of all listeners of a pool. */
  List<StickyRouter<?>> routers(String pool) {
    return routers(listeners(pool));
  }

  /** Returns how a listener's sessions stick; null if they do not. */
  @Nullable
  StickyConfig sticky(ListenerConfig listener) {
    StickyConfig own = listener.stickySession();
    return (own != null) ? own : pool(listener).stickySession();
  }

  private PoolConfig pool(ListenerConfig listener) {
    return requireNonNull(pools.get(listener.pool()), listener.pool());
  }

  private List<StickyRouter<?>> routers(Collection<ListenerConfig> listeners) {
    return listeners.stream()
        .map(listener -> running.listeners().get(listener.name()))
        .filter(Objects::nonNull)
        .<StickyRouter<?>>map(Served::router)
        .toList();
  }
}
