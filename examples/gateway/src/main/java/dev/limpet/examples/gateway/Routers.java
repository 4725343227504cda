package dev.limpet.examples.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyRouterBuilder;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.examples.gateway.config.CookieSecret;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.QuotaConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.http.HttpRouting;
import dev.limpet.examples.gateway.http.VertxCookies;
import dev.limpet.examples.gateway.net.Addresses;
import dev.limpet.examples.gateway.tcp.TcpRouting;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.HttpRouterBuilder;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.redis.SharedHttpRouter;
import dev.limpet.redis.SharedStickyRouter;
import dev.limpet.redis.SharedTable;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routers that a configuration describes. Listeners that share sessions share a table and, where there is a
 * quota, what counts against it: those of HTTP, and those of TCP.
 */
final class Routers {
  private final GatewayConfig config;
  private final Clocks clocks;
  private final KeyHasher hasher;
  private final CookieKeys cookieKeys;
  private final VertxCookies cookies = new VertxCookies();
  private final Map<String, CompactStickyTable> tables = new LinkedHashMap<>();
  private final Map<String, Affinity<InetAddress>> byConnection = new HashMap<>();
  private final Map<String, Affinity<HttpServerRequest>> byRequest = new HashMap<>();
  private final KeptTables kept;
  private final SharedTables sharedTables;

  Routers(GatewayConfig config, Clocks clocks, Console console) {
    this.config = config;
    this.clocks = clocks;
    this.hasher = (config.keySecret() == null)
        ? KeyHasher.random()
        : KeyHasher.of(config.keySecret().bytes());
    this.kept = new KeptTables(config.tables(), hasher, clocks.instants(), console);
    this.sharedTables = new SharedTables(hasher, clocks, console);
    this.cookieKeys = cookieKeys(config.cookieSecrets());
  }

  TcpRouting tcp(ListenerConfig listener, Pool pool) {
    StickyRouterBuilder<InetAddress> settings = StickyRouter.<InetAddress>builder(
            pool, sourceIp(listener))
        .profile(config.profile())
        .failover(config.pool(listener).failover())
        .balanceBy(SourceIp.of(address -> address), hasher)
        .leasing();
    SharedTable table = sharedTable(listener);
    return (table == null)
        ? TcpRouting.of(settings.build())
        : TcpRouting.of(new SharedStickyRouter<>(settings, table));
  }

  HttpRouting http(ListenerConfig listener, Pool pool) {
    HttpRouterBuilder<HttpServerRequest, HttpServerResponse> settings = HttpRouter.builder(
            pool, httpAffinity(listener, pool))
        .profile(config.profile())
        .failover(config.pool(listener).failover())
        .balanceBy(SourceIp.of(Routers::client), hasher)
        .leasing();
    SharedTable table = sharedTable(listener);
    return (table == null)
        ? HttpRouting.of(settings.build())
        : HttpRouting.of(new SharedHttpRouter<>(settings, table));
  }

  /** Returns the tables that are shared with other gateways. */
  SharedTables sharedTables() {
    return sharedTables;
  }

  /** Saves the tables of this gateway alone, if they are to be kept. */
  void saveTables() {
    tables.forEach(kept::save);
  }

  private Affinity<InetAddress> sourceIp(ListenerConfig listener) {
    StickyConfig sticky = config.stickySession(listener);
    if (sticky == null) {
      return Affinity.none();
    }
    return byConnection.computeIfAbsent(
        owner(listener),
        owner ->
            sourceIp(listener, sticky, SourceIpAffinity.<InetAddress>builder(address -> address)));
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> httpAffinity(
      ListenerConfig listener, Pool pool) {
    StickyConfig sticky = config.stickySession(listener);
    if (sticky == null) {
      return HttpAffinity.of(Affinity.<HttpServerRequest>none(), cookies);
    }
    return switch (sticky.session().type()) {
      case LB_COOKIE -> lbCookie(listener, sticky, pool);
      case APP_COOKIE -> appCookie(listener, sticky.session());
      default ->
        HttpAffinity.of(
            byRequest.computeIfAbsent(
                owner(listener),
                owner -> sourceIp(listener, sticky, SourceIpAffinity.builder(Routers::client))),
            cookies);
    };
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> lbCookie(
      ListenerConfig listener, StickyConfig sticky, Pool pool) {
    return LbCookieAffinity.builder(pool, cookies)
        .session(sticky.session())
        .keys(cookieKeys)
        .hasher(hasher)
        .clock(clocks.instants())
        .encrypted(sticky.encrypted())
        .secure(sticky.secure(listener))
        .build();
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> appCookie(
      ListenerConfig listener, StickySession session) {
    return AppCookieAffinity.builder(cookies)
        .session(session)
        .hasher(hasher)
        .clock(clocks.instants())
        .table(declared -> table(listener, declared))
        .build();
  }

  private <R> Affinity<R> sourceIp(
      ListenerConfig listener, StickyConfig sticky, SourceIpAffinity.Builder<R> builder) {
    QuotaConfig quota = sticky.quota();
    if (quota != null) {
      builder.quota(quota.quota().withClock(clocks.nanos()));
    }
    return builder
        .session(sticky.session())
        .hasher(hasher)
        .table(session -> table(listener, session))
        .build();
  }

  private StickyTable table(ListenerConfig listener, StickySession session) {
    SharedTable shared = sharedTable(listener);
    if (shared != null) {
      return shared.declared(session);
    }
    return tables.computeIfAbsent(owner(listener), name -> {
      CompactStickyTable table =
          CompactStickyTable.of(session, KeyAffinity.DEFAULT_CAPACITY, clocks.nanos());
      kept.restore(name, table);
      return table;
    });
  }

  /** Sessions belong to the pool, or, in the profile classic, to the listener. */
  private String owner(ListenerConfig listener) {
    return (config.profile() == Profile.CLASSIC) ? listener.name() : listener.pool();
  }

  private @Nullable SharedTable sharedTable(ListenerConfig listener) {
    StickyConfig sticky = config.stickySession(listener);
    return (sticky == null) ? null : sharedTables.of(config.pool(listener), sticky.session());
  }

  private static @Nullable InetAddress client(HttpServerRequest request) {
    return Addresses.client(request.connection());
  }

  private static CookieKeys cookieKeys(List<CookieSecret> secrets) {
    if (secrets.isEmpty()) {
      return CookieKeys.random();
    }
    CookieKeys.Builder keys = CookieKeys.builder();
    for (CookieSecret secret : secrets) {
      if (secret.signing()) {
        keys.signing(secret.id(), secret.secret().bytes());
      } else {
        keys.verifyOnly(secret.id(), secret.secret().bytes());
      }
    }
    return keys.build();
  }
}
