package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Member;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolBuilder;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.admin.AdminServer;
import dev.limpet.examples.gateway.admin.MetricsPage;
import dev.limpet.examples.gateway.config.AdminConfig;
import dev.limpet.examples.gateway.config.BackendConfig;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.HealthCheckConfig;
import dev.limpet.examples.gateway.config.HttpCheckConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PassiveHealthConfig;
import dev.limpet.examples.gateway.config.PoolChange;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.Secret;
import dev.limpet.examples.gateway.config.StatusRanges;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.net.Chores;
import dev.limpet.examples.gateway.net.Chores.Chore;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.examples.gateway.net.Listening;
import dev.limpet.examples.gateway.operate.BackendCounts;
import dev.limpet.examples.gateway.operate.Preview;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import dev.limpet.micrometer.LimpetMetrics;
import dev.limpet.micrometer.StoreMetrics;
import dev.limpet.vertx.BackendConnector;
import dev.limpet.vertx.BackendConnector.Names;
import dev.limpet.vertx.HealthChecks;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running gateway. */
final class Gateway implements Effects, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration DRAIN_INTERVAL = Duration.ofSeconds(1);
  private static final Duration REDIS_INTERVAL = Duration.ofMillis(500);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);
  private static final Duration FOLLOW_INTERVAL = Duration.ofMillis(500);
  private static final int RENEWALS_PER_DURATION = 4;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Object changing = new Object();
  private final Console console;
  private final Engine engine;
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final LiveConfig live;
  private final GatewayOperations operations;
  private final Listeners listeners;
  private final Chores chores;
  private final DrainWatch drains;
  private final BackendReport faults;
  private Duration stopTimeout = Duration.ZERO;
  private final Map<String, RequestCounts> counts = new LinkedHashMap<>();
  private final Map<String, Chore> renewals = new HashMap<>();
  private @Nullable AdminServer admin;
  private @Nullable MetricsPage page;
  private @Nullable SharedTables sharedTables;
  private @Nullable Routers routers; // set when all listeners listen, so that tables are saved

  private Gateway(
      Console console, ConfigSource source, @Nullable ConfigFile file, Clocks clocks, Names names) {
    this.console = console;
    this.live = new LiveConfig(source, file, this, console, clocks.instants());
    this.operations = new GatewayOperations(this, live);
    this.engine = Engine.start(CONNECT_TIMEOUT, names, console::say, console::complain);
    this.listeners = new Listeners(engine, console);
    this.chores = new Chores(engine.vertx(), console::complain);
    this.drains = new DrainWatch(console::say, clocks.instants());
    this.faults = new BackendReport(engine.connector(), console::complain);
  }

  /**
   * Starts all listeners and health checks.
   *
   * @throws IOException if a listener cannot listen, which the message names; nothing is left
   *     running
   */
  static Gateway start(ConfigSource source, @Nullable ConfigFile file, Console console)
      throws IOException {
    return start(source, file, console, Clocks.system(), InetAddress::getAllByName);
  }

  /**
   * Starts as {@link #start(ConfigSource, ConfigFile, Console)} does, with other clocks for
   * sessions and another lookup of backends' names.
   */
  static Gateway start(
      ConfigSource source, @Nullable ConfigFile file, Console console, Clocks clocks, Names names)
      throws IOException {
    Gateway gateway = new Gateway(console, source, file, clocks, names);
    try {
      synchronized (gateway.changing) {
        gateway.run(source.config(), clocks);
      }
      return gateway;
    } catch (IOException | RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  /** Returns the port that a listener listens at. */
  int port(String listener) {
    return listeners.port(listener);
  }

  /** Returns the port for operators; -1 if the configuration names no such port. */
  int adminPort() {
    return (admin == null) ? -1 : admin.port();
  }

  /** Returns a pool. */
  Pool pool(String name) {
    Pool pool = pools.get(name);
    if (pool == null) {
      throw new IllegalArgumentException(
          "pool: " + name + " (expected: one of " + pools.keySet() + ")");
    }
    return pool;
  }

  /** Returns the connector to the backends. */
  BackendConnector connector() {
    return engine.connector();
  }

  /** Returns the report of what backends do wrong. */
  BackendReport faults() {
    return faults;
  }

  /**
   * Returns the counts of the requests of each backend of a pool.
   *
   * @throws IllegalArgumentException if there is no such pool
   */
  RequestCounts counts(String pool) {
    RequestCounts counted = counts.get(pool(pool).name());
    return requireNonNull(counted, pool);
  }

  /** Returns the counts of the backends' requests, by the names of the pools. */
  Map<String, BackendCounts> counts() {
    return Map.copyOf(counts);
  }

  /** Returns the listeners by name, with their present routers, in the configuration's order. */
  Map<String, Running.Served> listeners() {
    return listeners.served();
  }

  /** Returns the drains. */
  DrainWatch drains() {
    return drains;
  }

  @Override
  public PoolSnapshot snapshot(String pool) {
    return pool(pool).snapshot();
  }

  @Override
  public boolean deadline(String pool, String id, @Nullable Duration deadline) {
    return drains.deadline(pool, id, deadline);
  }

  /**
   * Changes how the sessions of owners stick while requests flow. Each request is routed by the
   * settings before or after the change, and ends as it began; all listeners of an owner change at
   * once. May take some milliseconds per 100,000 bindings, so event loops must not call this.
   *
   * <ul>
   * <li>If the type stays, all bindings that are live by the new duration stay.
   * <li>If another type is chosen, the bindings of the old one end. But for one of the old
   *     durations a cookie or another token of the old type places its session, with the outcome
   *     {@code KEPT}, and binds it anew.
   * <li>What counts against a quota begins at 0.
   * </ul>
   *
   * @param wanted a configuration without faults; it differs from the one in effect only in the
   *     stickiness of the owners
   * @param changed pools or, in the profile classic, listeners
   * @throws UnknownNameException if there is no such owner; then nothing has changed
   * @throws IllegalArgumentException if the library refuses a setting; then nothing has changed
   */
  @Override
  public void restick(GatewayConfig wanted, Collection<String> changed) {
    synchronized (changing) {
      changed.forEach(listeners::routers);
      List<NextOwner> next = changed.stream().map(owner -> next(wanted, owner)).toList();
      next.forEach(owner -> use(wanted, owner));
      if (page != null) {
        page.replace(metrics());
      }
    }
  }

  /** What an owner is to have. To make it may fail, to use it does not. */
  private record NextOwner(Routers.Made made, OwnerListeners.Proxies proxies) {}

  private NextOwner next(GatewayConfig wanted, String owner) {
    Routers.Made made = requireNonNull(routers, "routers").make(wanted, owner);
    return new NextOwner(made, listeners.next(wanted, owner, made.routers()));
  }

  private void use(GatewayConfig wanted, NextOwner next) {
    String owner = next.made().name();
    requireNonNull(routers, "routers").use(next.made());
    OwnerRouters before = listeners.change(owner, next.proxies());
    drains.replace(before.all(), next.made().routers().all());
    keepOpenSessions(wanted, owner);
  }

  /**
   * Returns what {@link #restick} would do to the live bindings of an owner. Changes nothing; takes
   * as long.
   *
   * @param wanted a configuration without faults
   * @param owner a pool or, in the profile classic, a listener
   * @throws UnknownNameException if there is no such owner
   */
  @Override
  public Preview.Effect preview(GatewayConfig wanted, String owner) {
    synchronized (changing) {
      OwnerRouters unused = listeners.routers(owner);
      return requireNonNull(routers, "routers").preview(wanted, owner);
    }
  }

  /**
   * Returns where the session of a request is bound. Uses no session, changes nothing and shows no
   * secret.
   *
   * @throws UnknownNameException if there is no such listener
   */
  Trace trace(TracedRequest request) {
    synchronized (changing) {
      GatewayConfig config = live.config();
      ListenerConfig listener = config.listeners().stream()
          .filter(known -> known.name().equals(request.listener()))
          .findFirst()
          .orElseThrow(() -> new UnknownNameException(
              "listener: " + request.listener() + " (expected: one of " + listeners.names() + ")"));
      String owner = config.ownerOf(listener);
      StickyConfig sticky = requireNonNull(routers, "routers").sticky(owner);
      Failover failover = config.pool(listener).failover();
      return new Tracer(listener, sticky, failover, listeners.routers(owner)).trace(request);
    }
  }

  @Override
  public void apply(PoolChange change) {
    synchronized (changing) {
      applyNow(change);
    }
  }

  private void applyNow(PoolChange change) {
    Pool pool = pool(change.pool());
    Set<String> before = draining(pool);
    engine
        .connector()
        .prepare(change.backends().stream().map(BackendConfig::backend).toList());
    pool.change(change::applyTo);
    draining(pool).stream()
        .filter(id -> !before.contains(id))
        .forEach(id -> drains.drain(pool.name(), id));
  }

  private static Set<String> draining(Pool pool) {
    return pool.snapshot().members().stream()
        .filter(Member::draining)
        .map(member -> member.backend().id())
        .collect(Collectors.toSet());
  }

  /** Returns the operations for operators. */
  GatewayOperations operations() {
    return operations;
  }

  /** Reads the configuration file again at each interval. */
  void follow(Path file) {
    ConfigFollower follower = new ConfigFollower(file, live, console);
    Chore unused = chores.every(FOLLOW_INTERVAL, follower::look);
  }

  /**
   * Closes all listeners, waits for what is under way as long as the configuration says, closes
   * everything, and saves the tables. Waits a second longer, but not for peers that read nothing.
   * The port for operators is closed last.
   */
  @Override
  public void close() {
    try {
      stop();
    } finally {
      if (admin != null) {
        admin.close();
      }
    }
  }

  private void stop() {
    engine.stop(stopTimeout);
    engine
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
    synchronized (changing) {
      if (routers != null) {
        routers.saveTables();
      }
    }
    if (sharedTables != null) {
      sharedTables.close();
    }
  }

  private void run(GatewayConfig config, Clocks clocks) throws IOException {
    stopTimeout = config.stopTimeout();
    Environment environment = clocks.environment(engine, secret(config.keySecret()));
    config.pools().forEach(pool -> open(pool, environment));
    Routers made = new Routers(config, environment, console, this::pool, this::counts);
    sharedTables = made.sharedTables();
    config.owners().forEach(owner -> open(config, owner, made));
    for (ListenerConfig listener : config.listeners()) {
      listeners.listen(config, listener);
    }
    pools.values().forEach(pool -> draining(pool).forEach(id -> drains.drain(pool.name(), id)));
    routers = made;
    if (config.admin() != null) {
      admin = serve(config.admin(), made.sharedTables());
    }
    chores.every(REDIS_INTERVAL, made.sharedTables()::look);
    chores.every(DRAIN_INTERVAL, drains::advance);
    chores.every(REPORT_INTERVAL, faults::look);
    reportSecrets(config);
  }

  private AdminServer serve(AdminConfig config, SharedTables shared) throws IOException {
    List<MeterBinder> meters = new ArrayList<>();
    shared.stores().forEach(store -> meters.add(StoreMetrics.of(store)));
    page = new MetricsPage(metrics(), meters);
    AdminServer server = AdminServer.start(config, page, operations, console::complain);
    console.say("listening admin " + Listening.at(config.host(), server.port()));
    return server;
  }

  /** Returns the metrics of the present routers. */
  private LimpetMetrics metrics() {
    LimpetMetrics.Builder metrics = LimpetMetrics.builder();
    listeners().forEach((name, listener) -> metrics.router(name, listener.router()));
    return metrics.build();
  }

  /** Without a secret in the file, each start has one of its own. */
  private static byte[] secret(@Nullable Secret given) {
    if (given != null) {
      return given.bytes();
    }
    byte[] random = new byte[Environment.MIN_SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    return random;
  }

  private void open(PoolConfig config, Environment environment) {
    PoolBuilder building = Pool.builder(config.name())
        .environment(environment)
        .countConnections()
        .balancer(config.algorithm().balancer())
        .slowStart(config.slowStart());
    PassiveHealthConfig passive = config.passiveHealth();
    if (passive != null) {
      building.passiveHealth(PassiveHealth.builder()
          .failures(passive.failures())
          .grace(passive.grace())
          .listener(new EjectionLog(config.name(), console::say))
          .build());
    }
    Pool pool = building.build();
    pools.put(config.name(), pool);
    counts.put(config.name(), new RequestCounts(pool));
    faults.add(pool);
    engine
        .connector()
        .prepare(config.backends().stream().map(BackendConfig::backend).toList());
    pool.change(PoolChange.initial(config)::applyTo);
    HealthCheckConfig checked = config.healthCheck();
    if (checked != null) {
      check(pool, checked);
    }
  }

  private void check(Pool pool, HealthCheckConfig config) {
    HealthChecks.Builder checks = HealthChecks.builder(engine.connector(), pool)
        .interval(config.interval())
        .timeout(config.timeout())
        .rise(config.rise())
        .fall(config.fall())
        .log(console::say);
    HttpCheckConfig http = config.http();
    if (http != null) {
      StatusRanges expected = http.expect();
      checks
          .http(http.path())
          .userAgent("limpet-gateway")
          .statuses(expected.toString(), expected::contains);
    }
    HealthChecks unused = checks.start();
  }

  /** Makes the routers of an owner, and the proxies of its listeners. */
  private void open(GatewayConfig config, String owner, Routers made) {
    Routers.Made first = made.make(config, owner);
    made.use(first);
    listeners.open(config, owner, first.routers());
    first.routers().all().forEach(drains::add);
    keepOpenSessions(config, owner);
  }

  /** Tells other gateways of a shared table which sessions are in use by open routes. */
  private void keepOpenSessions(GatewayConfig config, String owner) {
    Chore earlier = renewals.remove(owner);
    if (earlier != null) {
      earlier.cancel();
    }
    ListenerConfig first = config.listenersOf(owner).get(0);
    StickyConfig sticky = config.stickySession(first);
    if (sticky != null && config.pool(first).sharedTable() != null) {
      Duration interval = sticky.session().duration().dividedBy(RENEWALS_PER_DURATION);
      renewals.put(owner, chores.every(interval, () -> renewOpenSessions(owner)));
    }
  }

  private void renewOpenSessions(String owner) {
    listeners.routers(owner).all().forEach(StickyRouter::renewOpenSessions);
  }

  private void reportSecrets(GatewayConfig config) {
    if (config.keySecret() == null) {
      console.say(
          "keySecret is absent: random, so other proxies and the next start choose otherwise");
    }
    if (config.cookieSecrets().isEmpty() && config.keySecret() == null) {
      console.say("cookieSecrets are absent: random, so LB cookies are void after a restart"
          + " and at other proxies");
    }
  }
}
