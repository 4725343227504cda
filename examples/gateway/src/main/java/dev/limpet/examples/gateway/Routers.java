package dev.limpet.examples.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.RouterBuilder;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.SaveableTable;
import dev.limpet.examples.gateway.config.CookieSecret;
import dev.limpet.examples.gateway.config.FieldAffinities;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.QuotaConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.shared.SharedTable;
import dev.limpet.vertx.ClientAddress;
import dev.limpet.vertx.VertxAccess;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routers that a configuration describes. Listeners that share sessions share a table
 * and, where there is a quota, what counts against it: those of HTTP, and those of TCP.
 */
final class Routers {
  private final GatewayConfig config;
  private final Environment environment;
  private final @Nullable CookieKeys cookieKeys;
  private final VertxAccess access = new VertxAccess();
  private final Map<String, SaveableTable> tables = new LinkedHashMap<>();
  private final Map<String, Affinity<NetSocket>> byConnection = new HashMap<>();
  private final Map<String, Affinity<HttpServerRequest>> byRequest = new HashMap<>();
  private final Map<String, HttpAffinity<HttpServerRequest, HttpServerResponse>> byField =
      new HashMap<>();
  private final KeptTables kept;
  private final SharedTables sharedTables;

  Routers(GatewayConfig config, Environment environment, Console console) {
    this.config = config;
    this.environment = environment;
    this.kept = new KeptTables(config.tables(), environment, console);
    this.sharedTables = new SharedTables(console);
    this.cookieKeys = cookieKeys(config.cookieSecrets());
  }

  StickyRouter<NetSocket> tcp(ListenerConfig listener, Pool pool) {
    var builder = StickyRouter.<NetSocket>builder(pool, sourceIp(listener))
        .balanceBy(source(listener, ClientAddress::of));
    return as(config.pool(listener), builder).build();
  }

  HttpRouter<HttpServerRequest, HttpServerResponse> http(ListenerConfig listener, Pool pool) {
    var builder = HttpRouter.builder(pool, httpAffinity(listener, pool))
        .balanceBy(source(listener, ClientAddress::of));
    return as(config.pool(listener), builder).build();
  }

  /** Sets what pools of both layers have. Without a failover, the affinity suggests one. */
  private <R, T extends StickyRouter<R>> RouterBuilder<R, T> as(
      PoolConfig pool, RouterBuilder<R, T> builder) {
    if (pool.failover() != null) {
      builder.failover(pool.failover());
    }
    return builder.profile(config.profile()).returnToEarlierTier(pool.returnToEarlierTier());
  }

  /** Returns the tables that are shared with other gateways. */
  SharedTables sharedTables() {
    return sharedTables;
  }

  /** Saves the tables of this gateway alone, if they are to be kept. */
  void saveTables() {
    tables.forEach(kept::save);
  }

  /** Returns what new sessions are spread by: addresses of one session go the same way. */
  private <R> SourceIp<R> source(
      ListenerConfig listener, Function<? super R, ? extends @Nullable InetAddress> address) {
    StickyConfig sticky = config.stickySession(listener);
    SourceIp<R> source = SourceIp.of(address);
    return (sticky == null || sticky.ipv6Prefix() == null)
        ? source
        : source.withIpv6Prefix(sticky.ipv6Prefix());
  }

  private Affinity<NetSocket> sourceIp(ListenerConfig listener) {
    StickyConfig sticky = config.stickySession(listener);
    if (sticky == null) {
      return Affinity.none();
    }
    return byConnection.computeIfAbsent(
        owner(listener),
        owner ->
            sourceIp(listener, sticky, SourceIpAffinity.<NetSocket>builder(ClientAddress::of)));
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> httpAffinity(
      ListenerConfig listener, Pool pool) {
    StickyConfig sticky = config.stickySession(listener);
    if (sticky == null) {
      return HttpAffinity.of(Affinity.<HttpServerRequest>none(), access);
    }
    return switch (sticky.type()) {
      case LB_COOKIE -> lbCookie(listener, sticky, pool);
      case APP_COOKIE ->
        byField.computeIfAbsent(owner(listener), owner -> appCookie(listener, sticky.session()));
      case SOURCE_IP ->
        HttpAffinity.of(
            byRequest.computeIfAbsent(
                owner(listener),
                owner -> sourceIp(listener, sticky, SourceIpAffinity.builder(ClientAddress::of))),
            access);
      default -> byField.computeIfAbsent(owner(listener), owner -> byField(listener, sticky, pool));
    };
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> lbCookie(
      ListenerConfig listener, StickyConfig sticky, Pool pool) {
    boolean isNever = Boolean.FALSE.equals(sticky.cookie().secure());
    var builder = LbCookieAffinity.builder(pool, isNever ? VertxAccess.neverSecure() : access)
        .session(sticky.session())
        .environment(environment);
    sticky.cookie().applyTo(builder, sticky.cookie().isSecure(listener));
    return (cookieKeys == null) ? builder.build() : builder.keys(cookieKeys).build();
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> appCookie(
      ListenerConfig listener, StickySession session) {
    return AppCookieAffinity.builder(access)
        .session(session)
        .environment(environment)
        .table((declared, same) -> table(listener, declared))
        .build();
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> byField(
      ListenerConfig listener, StickyConfig sticky, Pool pool) {
    TableFactory table = (session, same) -> table(listener, session);
    return new FieldAffinities<>(pool, access, environment, cookieKeys, table).of(sticky);
  }

  private <R> Affinity<R> sourceIp(
      ListenerConfig listener, StickyConfig sticky, SourceIpAffinity.Builder<R> builder) {
    QuotaConfig quota = sticky.quota();
    if (quota != null) {
      builder.quota(quota.quota());
    }
    if (sticky.ipv6Prefix() != null) {
      builder.ipv6Prefix(sticky.ipv6Prefix());
    }
    return builder
        .session(sticky.session())
        .environment(environment)
        .table((session, same) -> table(listener, session))
        .build();
  }

  private StickyTable table(ListenerConfig listener, StickySession session) {
    SharedTable shared = sharedTables.of(config.pool(listener), session, environment);
    return (shared != null)
        ? shared
        : tables.computeIfAbsent(owner(listener), name -> keptTable(name, session));
  }

  private SaveableTable keptTable(String name, StickySession session) {
    SaveableTable table =
        CompactStickyTable.of(session, KeyAffinity.DEFAULT_CAPACITY, environment.clock());
    kept.restore(name, table);
    return table;
  }

  /** Sessions belong to the pool, or, in the profile classic, to the listener. */
  private String owner(ListenerConfig listener) {
    return (config.profile() == Profile.CLASSIC) ? listener.name() : listener.pool();
  }

  private static @Nullable CookieKeys cookieKeys(List<CookieSecret> secrets) {
    if (secrets.isEmpty()) {
      return null; // they follow from the environment
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
