package dev.limpet.examples.gateway;

import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.PoolChange;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.operate.Preview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes real pools, and keeps the rest. */
final class FakeEffects implements Effects {
  private final Map<String, Pool> pools = new HashMap<>();
  private final List<PoolChange> applied = new ArrayList<>();
  private final List<String> resticks = new ArrayList<>();
  private final List<String> deadlines = new ArrayList<>();
  private final Map<String, Duration> lastDeadlines = new HashMap<>();

  /** Has the pools of a configuration. */
  FakeEffects with(GatewayConfig config) {
    for (PoolConfig pool : config.pools()) {
      Pool made = Pool.of(pool.name());
      made.change(PoolChange.initial(pool)::applyTo);
      pools.put(pool.name(), made);
    }
    return this;
  }

  Pool pool(String name) {
    return pools.get(name);
  }

  List<PoolChange> applied() {
    return applied;
  }

  /** The owners of changes of stickiness, with the type from then on, such as {@code web none}. */
  List<String> resticks() {
    return resticks;
  }

  List<String> deadlines() {
    return deadlines;
  }

  @Override
  public void apply(PoolChange change) {
    applied.add(change);
    Pool pool = pools.get(change.pool());
    if (pool != null) {
      pool.change(change::applyTo);
    }
  }

  @Override
  public void restick(GatewayConfig wanted, Collection<String> owners) {
    owners.forEach(owner -> resticks.add(owner + ' ' + type(wanted, owner)));
  }

  private static String type(GatewayConfig config, String owner) {
    return config.listeners().stream()
        .filter(listener -> owner.equals(listener.name()) || owner.equals(listener.pool()))
        .map(config::stickySession)
        .map(sticky -> (sticky == null) ? "none" : sticky.type().toString())
        .findFirst()
        .orElse("unknown");
  }

  @Override
  public Preview.Effect preview(GatewayConfig wanted, String owner) {
    return new Preview.Effect(1, 2, 3, List.of(owner + ' ' + type(wanted, owner)));
  }

  @Override
  public PoolSnapshot snapshot(String pool) {
    return pools.get(pool).snapshot();
  }

  @Override
  public boolean deadline(String pool, String id, @Nullable Duration deadline) {
    deadlines.add(pool + '/' + id + ' ' + deadline);
    return lastDeadlines.put(pool + '/' + id, deadline) != null;
  }
}
