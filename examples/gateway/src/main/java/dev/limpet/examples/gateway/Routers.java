package dev.limpet.examples.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.SaveableTable;
import dev.limpet.examples.gateway.config.CookieSecret;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.QuotaConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.http.VertxAccess;
import dev.limpet.examples.gateway.net.Addresses;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.shared.SharedTable;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, Affinity<InetAddress>> byConnection = new HashMap<>();
  private final Map<String, Affinity<HttpServerRequest>> byRequest = new HashMap<>();
  private final Map<String, HttpAffinity<HttpServerRequest, HttpServerResponse>> byAppCookie =
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

  StickyRouter<InetAddress> tcp(ListenerConfig listener, Pool pool) {
    return StickyRouter.<InetAddress>builder(pool, sourceIp(listener))
        .profile(config.profile())
        .failover(config.pool(listener).failover())
        .balanceBy(SourceIp.of(address -> address))
        .build();
  }

  HttpRouter<HttpServerRequest, HttpServerResponse> http(ListenerConfig listener, Pool pool) {
    return HttpRouter.builder(pool, httpAffinity(listener, pool))
        .profile(config.profile())
        .failover(config.pool(listener).failover())
        .balanceBy(SourceIp.of(Routers::client))
        .build();
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
      return HttpAffinity.of(Affinity.<HttpServerRequest>none(), access);
    }
    return switch (sticky.session().type()) {
      case LB_COOKIE -> lbCookie(listener, sticky, pool);
      case APP_COOKIE ->
        byAppCookie.computeIfAbsent(
            owner(listener), owner -> appCookie(listener, sticky.session()));
      default ->
        HttpAffinity.of(
            byRequest.computeIfAbsent(
                owner(listener),
                owner -> sourceIp(listener, sticky, SourceIpAffinity.builder(Routers::client))),
            access);
    };
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> lbCookie(
      ListenerConfig listener, StickyConfig sticky, Pool pool) {
    var builder = LbCookieAffinity.builder(pool, access)
        .session(sticky.session())
        .environment(environment)
        .encrypted(sticky.encrypted())
        .secure(sticky.secure(listener));
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

  private <R> Affinity<R> sourceIp(
      ListenerConfig listener, StickyConfig sticky, SourceIpAffinity.Builder<R> builder) {
    QuotaConfig quota = sticky.quota();
    if (quota != null) {
      builder.quota(quota.quota());
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

  private static @Nullable InetAddress client(HttpServerRequest request) {
    return Addresses.client(request.connection());
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
