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
 * @param restarts the other changes, one line each, such as {@code listeners.web.port: changed
 *     (needs a restart)}
 * @param running the configuration of the gateway once the pools are applied: the old one with the
 *     new backends. The next change is computed from this one.
 */
public record ConfigChange(List<PoolChange> pools, List<String> restarts, GatewayConfig running) {

  /** Makes a change. */
  public ConfigChange {
    pools = List.copyOf(pools);
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
    Map<String, PoolConfig> pools = byName(wanted.pools(), PoolConfig::name);
    List<PoolChange> changes = new ArrayList<>();
    pools.forEach((name, pool) -> {
      PoolConfig was = known.get(name);
      PoolChange change = (was == null) ? null : PoolChange.between(was, pool);
      if (change != null && !change.isEmpty()) {
        changes.add(change);
      }
    });
    return new ConfigChange(
        changes, new Differences().of(running, wanted), applied(running, changes));
  }

  /** Returns whether nothing changed. */
  public boolean isEmpty() {
    return pools.isEmpty() && restarts.isEmpty();
  }

  private static GatewayConfig applied(GatewayConfig running, List<PoolChange> changes) {
    Map<String, PoolChange> byPool = byName(changes, PoolChange::pool);
    List<PoolConfig> pools = running.pools().stream()
        .map(pool -> {
          PoolChange change = byPool.get(pool.name());
          return (change == null) ? pool : pool.withBackends(change.backends());
        })
        .toList();
    return running.withPools(pools);
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    Map<String, T> named = new LinkedHashMap<>();
    all.forEach(one -> named.put(name.apply(one), one));
    return named;
  }

  /**
   * Collects the differences that only a restart applies. Shows no values, because some are secret.
   */
  private static final class Differences {
    private final List<String> found = new ArrayList<>();

    List<String> of(GatewayConfig old, GatewayConfig now) {
      compare("profile", old.profile(), now.profile());
      compareAll(
          "listeners", old.listeners(), now.listeners(), ListenerConfig::name, this::listener);
      compareAll("pools", old.pools(), now.pools(), PoolConfig::name, this::pool);
      compare("keySecret", old.keySecret(), now.keySecret());
      compare("tables", old.tables(), now.tables());
      compare("cookieSecrets", old.cookieSecrets(), now.cookieSecrets());
      compare("stopTimeout", old.stopTimeout(), now.stopTimeout());
      compare("admin", old.admin(), now.admin());
      return found;
    }

    private void listener(String path, ListenerConfig old, ListenerConfig now) {
      compare(path + ".protocol", old.protocol(), now.protocol());
      compare(path + ".host", old.host(), now.host());
      compare(path + ".port", old.port(), now.port());
      compare(path + ".pool", old.pool(), now.pool());
      compare(path + ".tls", old.tls(), now.tls());
      compare(path + ".proxyProtocol", old.proxyProtocol(), now.proxyProtocol());
      compare(path + ".trustedProxies", old.trustedProxies(), now.trustedProxies());
      compare(path + ".clientTimeout", old.clientTimeout(), now.clientTimeout());
      sticky(path + ".stickySession", old.stickySession(), now.stickySession());
    }

    private void pool(String path, PoolConfig old, PoolConfig now) {
      compare(path + ".algorithm", old.algorithm(), now.algorithm());
      compare(path + ".slowStart", old.slowStart(), now.slowStart());
      compare(path + ".failover", old.failover(), now.failover());
      compare(path + ".healthCheck", old.healthCheck(), now.healthCheck());
      compare(path + ".passiveHealth", old.passiveHealth(), now.passiveHealth());
      compare(path + ".responseTimeout", old.responseTimeout(), now.responseTimeout());
      compare(path + ".returnToEarlierTier", old.returnToEarlierTier(), now.returnToEarlierTier());
      sticky(path + ".stickySession", old.stickySession(), now.stickySession());
      shared(path + ".sharedTable", old.sharedTable(), now.sharedTable());
    }

    private void shared(
        String path, @Nullable SharedTableConfig old, @Nullable SharedTableConfig now) {
      if (old == null || now == null) {
        compare(path, old, now);
        return;
      }
      compare(path + ".redis", old.redis(), now.redis());
      compare(path + ".deadline", old.deadline(), now.deadline());
    }

    private void sticky(String path, @Nullable StickyConfig old, @Nullable StickyConfig now) {
      if (old == null || now == null) {
        compare(path, old, now);
        return;
      }
      compare(path + ".type", old.type(), now.type());
      compare(path + ".duration", old.session().duration(), now.session().duration());
      compare(path + ".mode", old.session().mode(), now.session().mode());
      compare(path + ".maxDuration", old.session().maxDuration(), now.session().maxDuration());
      compare(path + ".cookieName", old.session().cookieName(), now.session().cookieName());
      compare(path + ".quota", old.quota(), now.quota());
      compare(path + ".ipv6Prefix", old.ipv6Prefix(), now.ipv6Prefix());
      cookie(path, old.cookie(), now.cookie());
      field(path, old.field(), now.field());
    }

    private void cookie(String path, LbCookieConfig old, LbCookieConfig now) {
      compare(path + ".encrypted", old.encrypted(), now.encrypted());
      compare(path + ".secure", old.secure(), now.secure());
      compare(path + ".path", old.path(), now.path());
      compare(path + ".domain", old.domain(), now.domain());
      compare(path + ".sameSite", old.sameSite(), now.sameSite());
      compare(path + ".hostPrefix", old.hostPrefix(), now.hostPrefix());
      compare(path + ".partitioned", old.partitioned(), now.partitioned());
    }

    private void field(String path, FieldConfig old, FieldConfig now) {
      compare(path + ".name", old.name(), now.name());
      compare(path + ".form", old.form(), now.form());
      FieldConfig.Suffix was = old.suffix();
      FieldConfig.Suffix is = now.suffix();
      compare(path + ".pathParameter", was.pathParameter(), is.pathParameter());
      compare(path + ".cookieFirst", was.cookieFirst(), is.cookieFirst());
      compare(path + ".separator", was.separator(), is.separator());
      compare(path + ".ranked", was.ranked(), is.ranked());
      compare(path + ".appendRoute", was.appendRoute(), is.appendRoute());
    }

    private <T> void compareAll(
        String path, List<T> old, List<T> now, Function<T, String> name, Comparison<T> comparison) {
      Map<String, T> known = byName(old, name);
      Map<String, T> wanted = byName(now, name);
      wanted.forEach((key, one) -> {
        T was = known.get(key);
        if (was == null) {
          compare(path + '.' + key, null, one);
        } else {
          comparison.compare(path + '.' + key, was, one);
        }
      });
      known.forEach((key, was) -> {
        if (!wanted.containsKey(key)) {
          compare(path + '.' + key, was, null);
        }
      });
    }

    private void compare(String path, @Nullable Object old, @Nullable Object now) {
      if (!Objects.equals(old, now)) {
        String what = (old == null) ? "added" : (now == null) ? "removed" : "changed";
        found.add(path + ": " + what + " (needs a restart)");
      }
    }
  }

  @FunctionalInterface
  private interface Comparison<T> {
    void compare(String path, T old, T now);
  }
}
