package dev.limpet.spring.gateway;

import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pools of the gateway, for code that drains a backend, reports health or reads statistics. A
 * bean of this type is defined. Safe for use by many threads at once.
 *
 * <pre>{@code
 * limpet.pool("shop").change(edit -> edit.drain("shop1"));
 * }</pre>
 *
 * <p>A pool of the properties is there from the start. A pool that no property describes is there
 * once a request has used it.
 */
public final class LimpetPools {
  private final StickyPools<?, ?> pools;

  LimpetPools(StickyPools<?, ?> pools) {
    this.pools = pools;
  }

  /** {@return the names of the pools at this moment, sorted; a copy} */
  public Set<String> names() {
    return pools.names();
  }

  /**
   * {@return a pool, or null if no pool has this name}
   *
   * @param name the pool's name
   */
  public @Nullable Pool pool(String name) {
    StickyPool<?, ?> pool = pools.existing(name);
    return (pool == null) ? null : pool.pool();
  }

  /**
   * {@return the router of a pool, or null if no pool has this name} It has the statistics of
   * requests and responses.
   *
   * @param name the pool's name
   */
  public @Nullable HttpRouter<?, ?> router(String name) {
    StickyPool<?, ?> pool = pools.existing(name);
    return (pool == null) ? null : pool.router();
  }

  /** {@return the names of the pools} */
  @Override
  public String toString() {
    return "LimpetPools" + names();
  }
}
