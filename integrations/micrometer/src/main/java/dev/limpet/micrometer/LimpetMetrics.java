package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.l7.HttpRouter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All metrics of routers and their pools: {@link RouterMetrics}, {@link ResponseMetrics}, {@link
 * TableMetrics}, {@link DrainMetrics} and {@link PoolMetrics}. Pools, tables and affinities that
 * several routers share count once. Add {@link StoreMetrics} if there is a shared table.
 *
 * <pre>{@code
 * LimpetMetrics.bind(registry, router);
 * }</pre>
 *
 * <p>Meters refer weakly to the routers and do not keep them alive; what routes requests does. This
 * object refers to them, and it is needed only to remove the meters. Safe for use by many threads
 * at once.
 */
public final class LimpetMetrics implements MeterBinder, AutoCloseable {
  private final List<LimpetBinder> binders;

  private LimpetMetrics(List<LimpetBinder> binders) {
    this.binders = binders;
  }

  /**
   * Registers the meters of a router and its pool.
   *
   * @param registry the registry
   * @param router the router; the tag {@code router} is the name of its pool
   * @return the metrics, with which the meters can be removed
   * @throws IllegalArgumentException if the registry has meters of a pool of this name already; use
   *     a {@link #builder} for several routers of one pool
   */
  public static LimpetMetrics bind(MeterRegistry registry, StickyRouter<?> router) {
    LimpetMetrics metrics = builder().router(router).build();
    metrics.bindTo(registry);
    return metrics;
  }

  /** {@return a builder of metrics} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Registers the meters at a registry. Several registries may be bound.
   *
   * @param registry the registry
   * @throws IllegalArgumentException if the registry has meters of a router or a pool of the same
   *     name already; then it has none of these
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    List<LimpetBinder> bound = new ArrayList<>();
    try {
      for (LimpetBinder binder : binders) {
        binder.bindTo(registry);
        bound.add(binder);
      }
    } catch (RuntimeException | Error e) {
      bound.forEach(binder -> binder.unbind(registry));
      throw e;
    }
  }

  /**
   * Registers and removes meters as the backends of the pools have changed. Every reading of the
   * meters does this, too, but then a new backend may be missing in the scrape that finds it. Call
   * this before a scrape if you serve scrapes yourself.
   */
  public void refresh() {
    binders.forEach(LimpetBinder::refresh);
  }

  /** Removes the meters from all registries that were bound. */
  @Override
  public void close() {
    binders.forEach(LimpetBinder::close);
  }

  /**
   * The routers and settings of a {@link LimpetMetrics}. Not for use by several threads at once.
   */
  public static final class Builder {
    private final Map<List<String>, StickyRouter<?>> routers = new LinkedHashMap<>();
    private final Map<String, Pool> pools = new HashMap<>();
    private int maxBackends = PoolMetrics.DEFAULT_MAX_BACKENDS;

    private Builder() {}

    /**
     * Adds a router that has the name of its pool, and its pool.
     *
     * @param router the router
     * @return this builder
     * @throws IllegalArgumentException as {@link #router(String, StickyRouter)}
     */
    public Builder router(StickyRouter<?> router) {
      return router(router.pool().name(), router);
    }

    /**
     * Adds a router, and its pool.
     *
     * @param name the value of the tag {@code router}
     * @param router the router
     * @return this builder
     * @throws IllegalArgumentException if the pool has another router of that name, or if there is
     *     another pool of the same name
     */
    public Builder router(String name, StickyRouter<?> router) {
      Pool pool = router.pool();
      Pool known = pools.putIfAbsent(pool.name(), pool);
      if (known != null && known != pool) {
        throw new IllegalArgumentException(
            "pool: " + pool.name() + " (expected: pools with different names)");
      }
      List<String> key = List.of(pool.name(), requireNonNull(name, "name"));
      if (routers.putIfAbsent(key, router) != null) {
        throw new IllegalArgumentException(
            "router: " + name + " (expected: another name, as a router of this pool has it)");
      }
      return this;
    }

    /**
     * Sets the number of backends of each pool that have meters of their own; the rest are added up
     * as {@code other}. Default {@link PoolMetrics#DEFAULT_MAX_BACKENDS}.
     *
     * @param maxBackends 0..{@link Pool#MAX_SIZE}
     * @return this builder
     * @throws IllegalArgumentException if the number is out of range
     */
    public Builder maxBackends(int maxBackends) {
      this.maxBackends = PoolMetrics.checkedMax(maxBackends);
      return this;
    }

    /** {@return the metrics} */
    public LimpetMetrics build() {
      List<LimpetBinder> binders = new ArrayList<>();
      Set<Object> counted = Collections.newSetFromMap(new IdentityHashMap<>());
      pools.values().forEach(pool -> binders.add(PoolMetrics.of(pool, maxBackends)));
      routers.forEach((key, router) -> add(key.get(1), router, counted, binders));
      return new LimpetMetrics(List.copyOf(binders));
    }

    private void add(
        String name, StickyRouter<?> router, Set<Object> counted, List<LimpetBinder> binders) {
      binders.add(RouterMetrics.of(router, name));
      binders.add(DrainMetrics.of(router, name, maxBackends));
      if (router instanceof HttpRouter<?, ?> http && counted.add(router.affinity())) {
        binders.add(ResponseMetrics.of(http, name));
      }
      for (int i = 0; i < router.affinity().parts().size(); i++) {
        StickyTable table = router.affinity().parts().get(i).table();
        if (table != null && counted.add(table)) {
          binders.add(TableMetrics.of(router, name, i, maxBackends));
        }
      }
    }
  }
}
