package dev.limpet.examples.gateway.config;

import dev.limpet.core.Backend;
import dev.limpet.core.PoolEdit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of a pool's backends. It applies to a running pool.
 *
 * @param pool the pool's name
 * @param backends all backends after the change, in order
 * @param differences where they differ, such as {@code pools.web.backends.web1.weight: 5 -> 3}
 */
public record PoolChange(
    String pool, List<BackendConfig> backends, List<ConfigDifference> differences) {

  /** Makes a change. */
  public PoolChange {
    backends = List.copyOf(backends);
    differences = List.copyOf(differences);
  }

  /** Returns the change from an empty pool. */
  public static PoolChange initial(PoolConfig pool) {
    return between(pool.withBackends(List.of()), pool);
  }

  /**
   * Sets a pool's backends, weights and drains to those in the file. The results of health checks
   * stay.
   *
   * @param edit the only edit of the pool: {@code pool.change(change::applyTo)}
   */
  public void applyTo(PoolEdit edit) {
    edit.replaceAll(backends.stream().map(BackendConfig::backend).toList());
    for (BackendConfig backend : backends) {
      if (backend.drain()) {
        edit.drain(backend.id());
      } else {
        edit.ready(backend.id());
      }
    }
  }

  static PoolChange between(PoolConfig before, PoolConfig after) {
    return new PoolChange(after.name(), after.backends(), differences(before, after));
  }

  boolean isEmpty() {
    return differences.isEmpty();
  }

  private static List<ConfigDifference> differences(PoolConfig before, PoolConfig after) {
    ConfigPath path = ConfigDocument.backends(after.name());
    Map<String, BackendConfig> known = byId(before);
    Map<String, BackendConfig> wanted = byId(after);
    List<ConfigDifference> found = new ArrayList<>();
    wanted.forEach((id, backend) -> {
      BackendConfig was = known.get(id);
      if (was == null) {
        found.add(new ConfigDifference(path.then(id), "added"));
      } else {
        compare(path.then(id), was, backend, found);
      }
    });
    known.keySet().stream()
        .filter(id -> !wanted.containsKey(id))
        .forEach(id -> found.add(new ConfigDifference(path.then(id), "removed")));
    if (found.isEmpty() && !before.backends().equals(after.backends())) {
      found.add(new ConfigDifference(path, "in another order"));
    }
    return found;
  }

  private static void compare(
      ConfigPath path, BackendConfig was, BackendConfig is, List<ConfigDifference> found) {
    compare(path.then("address"), address(was), address(is), found);
    compare(path.then("weight"), was.backend().weight(), is.backend().weight(), found);
    compare(
        path.then("maxConnections"),
        was.backend().maxConnections(),
        is.backend().maxConnections(),
        found);
    compare(path.then("tier"), was.backend().tier(), is.backend().tier(), found);
    compare(path.then("drain"), was.drain(), is.drain(), found);
    compare(path.then("scheme"), was.backend().scheme(), is.backend().scheme(), found);
    if (was.tls() != null && is.tls() != null && !was.tls().equals(is.tls())) {
      found.add(new ConfigDifference(path.then("tls"), "changed"));
    }
  }

  private static void compare(
      ConfigPath path, Object was, Object is, List<ConfigDifference> found) {
    if (!was.equals(is)) {
      found.add(ConfigDifference.of(path, was, is));
    }
  }

  private static String address(BackendConfig config) {
    Backend backend = config.backend();
    return HostPort.canonical(backend.host(), backend.port());
  }

  private static Map<String, BackendConfig> byId(PoolConfig pool) {
    Map<String, BackendConfig> backends = new LinkedHashMap<>();
    pool.backends().forEach(backend -> backends.put(backend.id(), backend));
    return backends;
  }
}
