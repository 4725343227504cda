package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolBuilder;
import dev.limpet.core.RouterBuilder;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.TableFactory;
import dev.limpet.l4.SourceIp;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * The pools of an application: those of the properties from the start, and others when the first
 * request asks for them. Safe for use by many threads at once.
 */
final class StickyPools<Q, S> implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String NAME_RULE = "1..64 of A-Za-z0-9._-";
  private static final String POOLS = LimpetProperties.PREFIX + ".pools.";
  private static final int RENEWALS_PER_DURATION = 4;

  private final LimpetProperties properties;
  private final Environment environment;
  private final HttpAccess<Q, S> access;
  private final Function<Q, @Nullable InetAddress> client;
  private final List<AffinityFactory<Q, S>> factories;
  private final @Nullable SharedTables sharedTables;
  private final @Nullable CookieKeys keys;
  private final Map<String, StickyPool<Q, S>> pools = new ConcurrentHashMap<>();
  private final Disposable.Composite renewals = Disposables.composite();

  /**
   * Makes the pools of the properties.
   *
   * @param access reads and changes requests and responses
   * @param client returns the address of a request's client
   * @param factories make affinities before the properties do
   * @param sharedTables makes tables that gateways share; null if it cannot be done
   * @throws InvalidPropertiesException if properties are wrong; the message names all of them
   */
  private StickyPools(
      LimpetProperties properties,
      Environment environment,
      HttpAccess<Q, S> access,
      Function<Q, @Nullable InetAddress> client,
      List<AffinityFactory<Q, S>> factories,
      @Nullable SharedTables sharedTables) {
    this.properties = properties;
    this.environment = environment;
    this.access = access;
    this.client = client;
    this.factories = List.copyOf(factories);
    this.sharedTables = sharedTables;
    PropertyFaults faults = new PropertyFaults();
    this.keys = Secrets.cookieKeys(properties, faults);
    properties.pools().forEach((name, pool) -> open(name, pool, faults));
    if (!faults.isEmpty()) {
      close();
    }
    faults.refuse();
  }

  /**
   * Makes the pools of the properties, with clients as trusted proxies tell.
   *
   * @param access reads and changes requests and responses, and knows connections
   * @throws InvalidPropertiesException if properties are wrong; the message names all of them
   */
  static <Q, S> StickyPools<Q, S> of(
      LimpetProperties properties,
      Environment environment,
      ClientAccess<Q, S> access,
      List<AffinityFactory<Q, S>> factories,
      @Nullable SharedTables sharedTables) {
    ClientOrigin<Q> origin = ClientOrigin.of(access, properties);
    return new StickyPools<>(
        properties,
        environment,
        new SecuredAccess<>(access, origin::isSecure),
        origin::address,
        factories,
        sharedTables);
  }

  /**
   * Checks a pool's name.
   *
   * @throws IllegalArgumentException if it is not as expected
   */
  static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("pool: " + name + " (expected: " + NAME_RULE + ")");
    }
    return name;
  }

  /**
   * Returns the pool of a route whose URI has the scheme {@code limpet}.
   *
   * @throws IllegalStateException if the properties do not describe it
   */
  StickyPool<Q, S> listed(String name) {
    StickyPool<Q, S> pool = pools.get(name);
    if (pool == null) {
      throw new IllegalStateException(
          "uri: limpet://" + name + " (expected: one of limpet.pools, " + names() + ")");
    }
    return pool;
  }

  /** Returns a pool, and makes it if no pool has this name yet. */
  StickyPool<Q, S> pool(String name) {
    StickyPool<Q, S> pool = pools.get(name);
    return (pool != null) ? pool : pools.computeIfAbsent(name, this::open);
  }

  /** Returns a pool; null if no pool has this name yet. */
  @Nullable
  StickyPool<Q, S> existing(String name) {
    return pools.get(name);
  }

  Set<String> names() {
    return new TreeSet<>(pools.keySet());
  }

  /** Returns whether sessions with an open route are renewed in a store. */
  boolean isRenewing() {
    return renewals.size() > 0;
  }

  @Override
  public void close() {
    renewals.dispose();
  }

  /** Makes a pool that no property describes. */
  private StickyPool<Q, S> open(String name) {
    PropertyFaults faults = new PropertyFaults();
    StickyPool<Q, S> pool = make(checkName(name), DefaultProperties.POOL, faults);
    faults.refuse();
    if (pool == null) {
      throw new IllegalStateException("pool: " + name);
    }
    return pool;
  }

  private void open(String name, PoolProperties settings, PropertyFaults faults) {
    if (!NAME.matcher(name).matches()) {
      faults.add(POOLS + name, "a pool", "a name of " + NAME_RULE);
      return;
    }
    PropertyFaults own = new PropertyFaults();
    StickyPool<Q, S> pool = make(name, settings, own);
    if (pool != null && own.isEmpty()) {
      pools.put(name, pool);
    }
    faults.addAll(own);
  }

  /** Returns a pool, or null if there are faults. */
  private @Nullable StickyPool<Q, S> make(
      String name, PoolProperties settings, PropertyFaults faults) {
    String prefix = POOLS + name;
    PropertyRules.check(prefix, settings, properties.keySecret() != null, faults);
    List<Backend> backends = ListedBackends.of(prefix, settings, faults);
    if (!faults.isEmpty()) {
      return null;
    }
    Pool pool = faults.orFault(prefix, () -> pool(name, settings, backends, faults));
    HttpAffinity<Q, S> affinity = (pool == null) ? null : affinity(pool, settings, faults);
    if (pool == null || affinity == null) {
      return null;
    }
    HttpRouter<Q, S> router =
        faults.orFault(prefix + ".sticky-session", () -> router(pool, affinity, settings));
    if (router == null) {
      return null;
    }
    StickyTable table = affinity.table();
    StickySession session = affinity.session();
    if (table != null && table.isShared() && session != null) {
      renewOpenSessions(router, session.duration());
    }
    boolean isMcp = settings.stickySession().type() == StickyType.MCP;
    boolean isListed = !settings.backends().isEmpty();
    return new StickyPool<>(pool, affinity, router, isMcp, settings.maxConnections(), isListed);
  }

  private Pool pool(
      String name, PoolProperties settings, List<Backend> backends, PropertyFaults faults) {
    PoolBuilder builder = Pool.builder(name)
        .environment(environment)
        .balancer(settings.algorithm().balancer())
        .slowStart(settings.slowStart())
        .backends(backends)
        .countConnections();
    PassiveHealthProperties passive = settings.passiveHealth();
    if (passive.enabled()) {
      var rules = faults.orFault(
          POOLS + name + ".passive-health",
          () -> passive.rules().listener(new EjectionLog(name)).build());
      if (rules != null) {
        builder.passiveHealth(rules);
      }
    }
    Pool pool = builder.build();
    settings.backends().stream()
        .filter(BackendProperties::drain)
        .forEach(drained -> pool.change(edit -> edit.drain(String.valueOf(drained.id()))));
    return pool;
  }

  private @Nullable HttpAffinity<Q, S> affinity(
      Pool pool, PoolProperties settings, PropertyFaults faults) {
    for (AffinityFactory<Q, S> factory : factories) {
      HttpAffinity<Q, S> made = factory.affinity(pool, access);
      if (made != null) {
        return made;
      }
    }
    String prefix = POOLS + pool.name();
    SharedTableProperties shared = settings.sharedTable();
    TableFactory tables =
        (shared == null) ? null : sharedTables(prefix, pool.name(), shared, faults);
    if (shared != null && tables == null) {
      return null;
    }
    Affinities<Q, S> affinities = new Affinities<>(pool, access, client, keys, tables);
    return faults.orFault(
        prefix + ".sticky-session", () -> affinities.of(settings.stickySession()));
  }

  private @Nullable TableFactory sharedTables(
      String prefix, String pool, SharedTableProperties shared, PropertyFaults faults) {
    String key = prefix + ".shared-table";
    SharedTables made = sharedTables;
    if (made == null) {
      faults.add(
          key + ".redis",
          Secret.HIDDEN,
          "absent, unless dev.limpet:limpet-redis is on the class path");
      return null;
    }
    return faults.orFault(key, () -> made.tables(pool, shared));
  }

  private HttpRouter<Q, S> router(Pool pool, HttpAffinity<Q, S> affinity, PoolProperties settings) {
    RouterBuilder<Q, HttpRouter<Q, S>> builder = HttpRouter.builder(pool, affinity)
        .balanceBy(SourceIp.of(client))
        .profile(properties.profile())
        .returnToEarlierTier(settings.returnToEarlierTier());
    if (settings.failover() != null) {
      builder.failover(settings.failover());
    }
    return builder.build();
  }

  /** Tells other gateways that sessions with an open route are in use. */
  private void renewOpenSessions(HttpRouter<Q, S> router, Duration duration) {
    Duration quarter = duration.dividedBy(RENEWALS_PER_DURATION);
    renewals.add(Flux.interval(quarter, Schedulers.parallel())
        .onBackpressureDrop()
        .doOnNext(tick -> router.renewOpenSessions())
        .retry()
        .subscribe());
  }
}
