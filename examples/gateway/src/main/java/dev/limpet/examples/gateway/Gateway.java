package dev.limpet.examples.gateway;

import dev.limpet.core.Environment;
import dev.limpet.core.Member;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolBuilder;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.admin.AdminServer;
import dev.limpet.examples.gateway.admin.MetricsPage;
import dev.limpet.examples.gateway.config.AdminConfig;
import dev.limpet.examples.gateway.config.BackendConfig;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.HealthCheckConfig;
import dev.limpet.examples.gateway.config.HttpCheckConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PassiveHealthConfig;
import dev.limpet.examples.gateway.config.PoolChange;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.Protocol;
import dev.limpet.examples.gateway.config.Secret;
import dev.limpet.examples.gateway.config.StatusRanges;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.examples.gateway.config.TlsConfig;
import dev.limpet.examples.gateway.http.HttpListener;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.examples.gateway.tcp.TcpListener;
import dev.limpet.l7.HttpRouter;
import dev.limpet.micrometer.LimpetMetrics;
import dev.limpet.micrometer.StoreMetrics;
import dev.limpet.vertx.BackendConnector;
import dev.limpet.vertx.BackendConnector.Names;
import dev.limpet.vertx.HealthChecks;
import dev.limpet.vertx.StickyHttpProxy;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running gateway. */
final class Gateway implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration DRAIN_INTERVAL = Duration.ofSeconds(1);
  private static final Duration REDIS_INTERVAL = Duration.ofMillis(500);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);
  private static final Duration FOLLOW_INTERVAL = Duration.ofMillis(500);
  private static final int RENEWALS_PER_DURATION = 4;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Console console;
  private final Engine engine;
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final DrainWatch drains;
  private final BackendReport faults;
  private Duration stopTimeout = Duration.ZERO;
  private final LimpetMetrics.Builder metrics = LimpetMetrics.builder();
  private @Nullable AdminServer admin;
  private @Nullable SharedTables sharedTables;
  private @Nullable Routers routers; // once all listeners listen: its tables are to be saved

  private Gateway(Console console, Names names) {
    this.console = console;
    this.engine = Engine.start(CONNECT_TIMEOUT, names, console::say, console::complain);
    this.drains = new DrainWatch(console::say);
    this.faults = new BackendReport(engine.connector(), console::complain);
  }

  /**
   * Starts all listeners and health checks.
   *
   * @throws IOException if a listener cannot listen, which the message names; nothing is left
   *     running
   */
  static Gateway start(GatewayConfig config, Console console) throws IOException {
    return start(config, console, Clocks.system(), InetAddress::getAllByName);
  }

  /**
   * As {@link #start(GatewayConfig, Console)}, with sessions that live by other clocks, and
   * backends of other names.
   */
  static Gateway start(GatewayConfig config, Console console, Clocks clocks, Names names)
      throws IOException {
    Gateway gateway = new Gateway(console, names);
    try {
      gateway.run(config, clocks);
      return gateway;
    } catch (IOException | RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  /** Returns the port that a listener listens at. */
  int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException(
          "listener: " + listener + " (expected: one of " + ports.keySet() + ")");
    }
    return port;
  }

  /** Returns the port for operators; -1 if there is none. */
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

  /** Returns what reaches the backends. */
  BackendConnector connector() {
    return engine.connector();
  }

  /** Returns what backends do wrong. */
  BackendReport faults() {
    return faults;
  }

  /** Puts a pool's changed backends, weights and drains into effect, in one edit. */
  void apply(PoolChange change) {
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

  /** Looks at the configuration file again and again. */
  void follow(ConfigFollower follower) {
    every(FOLLOW_INTERVAL, follower::look);
  }

  private void every(Duration interval, Runnable work) {
    Vertx vertx = engine.vertx();
    vertx.setPeriodic(
        Math.max(1, interval.toMillis()),
        tick -> vertx.executeBlocking(() -> {
          work.run();
          return null;
        }));
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
    if (routers != null) {
      routers.saveTables();
    }
    if (sharedTables != null) {
      sharedTables.close();
    }
  }

  private void run(GatewayConfig config, Clocks clocks) throws IOException {
    stopTimeout = config.stopTimeout();
    Environment environment = clocks.environment(engine, secret(config.keySecret()));
    config.pools().forEach(pool -> open(pool, environment));
    Routers made = new Routers(config, environment, console);
    sharedTables = made.sharedTables();
    for (ListenerConfig listener : config.listeners()) {
      listen(config, listener, made);
    }
    routers = made;
    if (config.admin() != null) {
      admin = serve(config.admin(), made.sharedTables());
    }
    pools.values().forEach(pool -> draining(pool).forEach(id -> drains.drain(pool.name(), id)));
    every(REDIS_INTERVAL, made.sharedTables()::look);
    every(DRAIN_INTERVAL, drains::advance);
    every(REPORT_INTERVAL, faults::look);
    reportSecrets(config);
  }

  private AdminServer serve(AdminConfig config, SharedTables shared) throws IOException {
    List<MeterBinder> meters = new ArrayList<>();
    shared.stores().forEach(store -> meters.add(StoreMetrics.of(store)));
    AdminServer server = AdminServer.start(config, new MetricsPage(metrics.build(), meters));
    console.say("listening admin " + at(config.host(), server.port()));
    return server;
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

  private void listen(GatewayConfig config, ListenerConfig listener, Routers routers)
      throws IOException {
    int port = (listener.port() == 0) ? -1 - ports.size() : listener.port();
    Endpoint endpoint = new Endpoint(
        listener.host(),
        port,
        tls(listener.tls()),
        listener.proxyProtocol(),
        listener.trustedProxies(),
        (listener.protocol() == Protocol.HTTP) ? listener.clientTimeout() : null);
    Pool pool = pool(listener.pool());
    Future<Integer> listening;
    if (listener.protocol() == Protocol.HTTP) {
      HttpRouter<HttpServerRequest, HttpServerResponse> router = routers.http(listener, pool);
      keepOpenSessions(config, listener, router);
      metrics.router(listener.name(), router);
      listening = http(endpoint, router, proxy(config, listener, endpoint, router));
    } else {
      StickyRouter<NetSocket> router = routers.tcp(listener, pool);
      keepOpenSessions(config, listener, router);
      metrics.router(listener.name(), router);
      listening = tcp(endpoint, router);
    }
    try {
      ports.put(listener.name(), await(listening));
    } catch (CompletionException e) {
      throw new IOException(
          "listener " + listener.name() + ": cannot listen at "
              + at(listener.host(), listener.port())
              + " (" + reason(e) + ")",
          e);
    }
    console.say("listening " + listener.protocol() + ' ' + listener.name() + ' '
        + at(listener.host(), port(listener.name())));
  }

  /** Other gateways must hear that a session with an open route is in use. */
  private void keepOpenSessions(
      GatewayConfig config, ListenerConfig listener, StickyRouter<?> router) {
    StickyConfig sticky = config.stickySession(listener);
    if (sticky != null && config.pool(listener).sharedTable() != null) {
      every(
          sticky.session().duration().dividedBy(RENEWALS_PER_DURATION), router::renewOpenSessions);
    }
  }

  private StickyHttpProxy proxy(
      GatewayConfig config,
      ListenerConfig listener,
      Endpoint endpoint,
      HttpRouter<HttpServerRequest, HttpServerResponse> router) {
    StickyHttpProxy.Builder proxy = StickyHttpProxy.builder(engine.connector(), router)
        .clientGuard(engine.guard())
        .trustedProxies(endpoint.trustedTexts());
    Duration responseTimeout = config.pool(listener).responseTimeout();
    if (responseTimeout != null) {
      proxy.responseTimeout(responseTimeout);
    }
    StickyConfig sticky = config.stickySession(listener);
    if (sticky != null && sticky.type() == StickyType.MCP) {
      proxy.jsonRpcErrors();
    }
    return proxy.build();
  }

  private Future<Integer> http(
      Endpoint endpoint,
      HttpRouter<HttpServerRequest, HttpServerResponse> router,
      StickyHttpProxy proxy) {
    drains.add(router);
    return new HttpListener(engine, endpoint, proxy).listen();
  }

  private Future<Integer> tcp(Endpoint endpoint, StickyRouter<NetSocket> router) {
    drains.add(router);
    return new TcpListener(engine, endpoint, router).listen();
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

  private static @Nullable PemKeyCertOptions tls(@Nullable TlsConfig tls) {
    return (tls == null)
        ? null
        : new PemKeyCertOptions()
            .setCertPath(tls.cert().toString())
            .setKeyPath(tls.key().toString());
  }

  private static String at(String host, int port) {
    return (host.contains(":") ? '[' + host + ']' : host) + ':' + port;
  }

  private static String reason(CompletionException e) {
    Throwable cause = (e.getCause() == null) ? e : e.getCause();
    return (cause.getMessage() == null) ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
