package dev.limpet.examples.gateway.admin;

import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import java.util.List;
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
    List<StickyRouter<?>> routers) {}
