package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a changed configuration on a running gateway.
 *
 * @param pools the pools whose backends changed; these changes apply at once
 * @param stickiness the names of the pools or, in the profile classic, of the listeners whose
 *     sessions stick in another way; these changes apply at once, too
 * @param differences what applies at once, value by value
 * @param restarts the other changes, which need a restart
 */
public record ConfigChange(
    List<PoolChange> pools,
    List<String> stickiness,
    List<ConfigDifference> differences,
    List<ConfigDifference> restarts) {

  /** Makes a change. */
  public ConfigChange {
    pools = List.copyOf(pools);
    stickiness = List.copyOf(stickiness);
    differences = List.copyOf(differences);
    restarts = List.copyOf(restarts);
  }

  /**
   * Compares two configurations.
   *
   * @param running the configuration that the gateway runs
   * @param wanted the configuration in the file
   */
  public static ConfigChange between(GatewayConfig running, GatewayConfig wanted) {
    Map<String, PoolConfig> known = byName(running.pools(), PoolConfig::name);
    List<PoolChange> changes = new ArrayList<>();
    List<ConfigDifference> live = new ArrayList<>();
    for (PoolConfig pool : wanted.pools()) {
      PoolConfig was = known.get(pool.name());
      PoolChange change = (was == null) ? null : PoolChange.between(was, pool);
      if (change != null && !change.isEmpty()) {
        changes.add(change);
        live.addAll(change.differences());
      }
    }
    Differences found = new Differences(running.profile() == wanted.profile());
    found.compare(running, wanted);
    live.addAll(found.live);
    return new ConfigChange(changes, found.stickiness, live, found.restarts);
  }

  /** Returns whether nothing changed. */
  public boolean isEmpty() {
    return differences.isEmpty() && restarts.isEmpty();
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    Map<String, T> named = new LinkedHashMap<>();
    all.forEach(one -> named.put(name.apply(one), one));
    return named;
  }

  /** Collects the differences. Of those that need a restart, some values are secret. */
  private static final class Differences {
    private final boolean isSameProfile;
    private final List<String> stickiness = new ArrayList<>();
    private final List<ConfigDifference> live = new ArrayList<>();
    private final List<ConfigDifference> restarts = new ArrayList<>();

    Differences(boolean isSameProfile) {
      this.isSameProfile = isSameProfile;
    }

    void compare(GatewayConfig old, GatewayConfig now) {
      compare(ConfigPath.of("profile"), old.profile(), now.profile());
      compareAll(
          "listeners", old.listeners(), now.listeners(), ListenerConfig::name, this::listener);
      compareAll("pools", old.pools(), now.pools(), PoolConfig::name, this::pool);
      compare(ConfigPath.of("keySecret"), old.keySecret(), now.keySecret());
      compare(ConfigPath.of("tables"), old.tables(), now.tables());
      compare(ConfigPath.of("cookieSecrets"), old.cookieSecrets(), now.cookieSecrets());
      compare(ConfigPath.of("stopTimeout"), old.stopTimeout(), now.stopTimeout());
      compare(ConfigPath.of("admin"), old.admin(), now.admin());
    }

    private void listener(ConfigPath path, ListenerConfig old, ListenerConfig now) {
      compare(path.then("protocol"), old.protocol(), now.protocol());
      compare(path.then("host"), old.host(), now.host());
      compare(path.then("port"), old.port(), now.port());
      compare(path.then("pool"), old.pool(), now.pool());
      compare(path.then("tls"), old.tls(), now.tls());
      compare(path.then("proxyProtocol"), old.proxyProtocol(), now.proxyProtocol());
      compare(path.then("trustedProxies"), old.trustedProxies(), now.trustedProxies());
      compare(path.then("clientTimeout"), old.clientTimeout(), now.clientTimeout());
      sticky(path, old.stickySession(), now.stickySession());
    }

    private void pool(ConfigPath path, PoolConfig old, PoolConfig now) {
      compare(path.then("algorithm"), old.algorithm(), now.algorithm());
      compare(path.then("slowStart"), old.slowStart(), now.slowStart());
      compare(path.then("failover"), old.failover(), now.failover());
      compare(path.then("healthCheck"), old.healthCheck(), now.healthCheck());
      compare(path.then("passiveHealth"), old.passiveHealth(), now.passiveHealth());
      compare(path.then("responseTimeout"), old.responseTimeout(), now.responseTimeout());
      compare(
          path.then("returnToEarlierTier"), old.returnToEarlierTier(), now.returnToEarlierTier());
      sticky(path, old.stickySession(), now.stickySession());
      shared(path.then("sharedTable"), old.sharedTable(), now.sharedTable());
    }

    private void sticky(ConfigPath owner, @Nullable StickyConfig old, @Nullable StickyConfig now) {
      ConfigPath path = owner.then("stickySession");
      if (!isSameProfile) {
        compare(path, old, now);
      } else if (!Objects.equals(old, now)) {
        stickiness.add(owner.last());
        live.addAll(StickyValues.differences(path, old, now));
      }
    }

    private void shared(
        ConfigPath path, @Nullable SharedTableConfig old, @Nullable SharedTableConfig now) {
      if (old == null || now == null) {
        compare(path, old, now);
        return;
      }
      compare(path.then("redis"), old.redis(), now.redis());
      compare(path.then("deadline"), old.deadline(), now.deadline());
    }

    private <T> void compareAll(
        String path, List<T> old, List<T> now, Function<T, String> name, Comparison<T> comparison) {
      Map<String, T> known = byName(old, name);
      Map<String, T> wanted = byName(now, name);
      wanted.forEach((key, one) -> {
        T was = known.get(key);
        if (was == null) {
          compare(ConfigPath.of(path, key), null, one);
        } else {
          comparison.compare(ConfigPath.of(path, key), was, one);
        }
      });
      known.forEach((key, was) -> {
        if (!wanted.containsKey(key)) {
          compare(ConfigPath.of(path, key), was, null);
        }
      });
    }

    private void compare(ConfigPath path, @Nullable Object old, @Nullable Object now) {
      if (!Objects.equals(old, now)) {
        String what = (old == null) ? "added" : (now == null) ? "removed" : "changed";
        restarts.add(new ConfigDifference(path, what + " (needs a restart)"));
      }
    }
  }

  @FunctionalInterface
  private interface Comparison<T> {
    void compare(ConfigPath path, T old, T now);
  }
}
