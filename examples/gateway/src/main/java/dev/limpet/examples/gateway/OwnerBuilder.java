package dev.limpet.examples.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.RouterBuilder;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.TableFactory;
import dev.limpet.examples.gateway.config.FieldAffinities;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.Protocol;
import dev.limpet.examples.gateway.config.QuotaConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.vertx.ClientAddress;
import dev.limpet.vertx.VertxAccess;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routers of the listeners that share sessions. All share one table. The HTTP listeners
 * share the counts of a quota, and so do the TCP listeners. For one use.
 */
final class OwnerBuilder {
  private final GatewayConfig config;
  private final @Nullable StickyConfig sticky;
  private final Pool pool;
  private final RequestCounts counts;
  private final Environment environment;
  private final @Nullable CookieKeys cookieKeys;
  private final TableFactory table;
  private final TokenBindings tokens;
  private final @Nullable Owner previous;
  private final VertxAccess access = new VertxAccess();
  private final Map<String, HttpAffinity<HttpServerRequest, HttpServerResponse>> affinities =
      new LinkedHashMap<>();
  private final Map<String, List<Predecessor<HttpServerRequest, HttpServerResponse>>> before =
      new LinkedHashMap<>();
  private final Map<String, HttpRouter<HttpServerRequest, HttpServerResponse>> http =
      new LinkedHashMap<>();
  private final Map<String, StickyRouter<NetSocket>> tcp = new LinkedHashMap<>();
  private @Nullable Affinity<NetSocket> byConnection;
  private @Nullable Affinity<HttpServerRequest> byRequest;

  /**
   * Begins with no listener.
   *
   * @param sticky how the sessions stick; null if they do not
   * @param table returns the table of the sessions, the same for each call
   * @param tokens what tokens have bound in that table
   * @param previous the owner whose routers these continue; null if these are the first
   */
  OwnerBuilder(
      GatewayConfig config,
      @Nullable StickyConfig sticky,
      Pool pool,
      RequestCounts counts,
      Environment environment,
      @Nullable CookieKeys cookieKeys,
      TableFactory table,
      TokenBindings tokens,
      @Nullable Owner previous) {
    this.config = config;
    this.sticky = sticky;
    this.pool = pool;
    this.counts = counts;
    this.environment = environment;
    this.cookieKeys = cookieKeys;
    this.table = table;
    this.tokens = tokens;
    this.previous = previous;
  }

  /** Adds a listener. */
  void add(ListenerConfig listener) {
    if (listener.protocol() == Protocol.HTTP) {
      http.put(listener.name(), http(listener));
    } else {
      tcp.put(listener.name(), tcp(listener));
    }
  }

  /** Returns the owner of all listeners that were added. */
  Owner build() {
    return new Owner(sticky, affinities, before, tokens, new OwnerRouters(http, tcp));
  }

  private StickyRouter<NetSocket> tcp(ListenerConfig listener) {
    var builder =
        StickyRouter.<NetSocket>builder(pool, byConnection()).balanceBy(source(ClientAddress::of));
    return as(listener, builder).build();
  }

  private HttpRouter<HttpServerRequest, HttpServerResponse> http(ListenerConfig listener) {
    var own = httpAffinity(listener);
    var others = predecessors(listener).stream()
        .filter(predecessor -> sticky == null || !predecessor.kind().equals(kind(sticky, own)))
        .limit(Owner.MAX_PREDECESSORS)
        .toList();
    affinities.put(listener.name(), own);
    before.put(listener.name(), others);
    var affinity = SuccessorAffinity.of(own, others, sticky != null, environment.clock(), tokens);
    return as(listener, HttpRouter.builder(pool, affinity).balanceBy(source(ClientAddress::of)))
        .build();
  }

  /** Sets what HTTP and TCP have in common. Without a failover, the affinity suggests one. */
  private <R, T extends StickyRouter<R>> RouterBuilder<R, T> as(
      ListenerConfig listener, RouterBuilder<R, T> builder) {
    PoolConfig settings = config.pool(listener);
    StickyRouter<?> last = (previous == null) ? null : previous.routers().of(listener.name());
    if (settings.failover() != null) {
      builder.failover(settings.failover());
    }
    if (last != null) {
      builder.continuing(last);
    }
    return builder
        .profile(config.profile())
        .returnToEarlierTier(settings.returnToEarlierTier())
        .listener(counts);
  }

  /** Returns the affinities whose tokens clients may still have, the latest first. */
  private List<Predecessor<HttpServerRequest, HttpServerResponse>> predecessors(
      ListenerConfig listener) {
    return (previous == null)
        ? List.of()
        : previous.predecessors(listener.name(), environment.clock().nanos());
  }

  /** Returns a text that is the same for affinities that read the same tokens. */
  static String kind(StickyConfig sticky, HttpAffinity<?, ?> affinity) {
    return (affinity instanceof LbCookieAffinity<?, ?> cookie)
        ? sticky.type() + " " + cookie.cookieName()
        : sticky.type() + " " + sticky.field().name() + ' ' + sticky.field().form();
  }

  /** Returns the key by which new sessions are spread: one for all addresses of a session. */
  private <R> SourceIp<R> source(Function<? super R, ? extends @Nullable InetAddress> address) {
    SourceIp<R> source = SourceIp.of(address);
    return (sticky == null || sticky.ipv6Prefix() == null)
        ? source
        : source.withIpv6Prefix(sticky.ipv6Prefix());
  }

  private Affinity<NetSocket> byConnection() {
    if (sticky == null) {
      return Affinity.none();
    }
    if (byConnection == null) {
      byConnection = sourceIp(sticky, SourceIpAffinity.builder(ClientAddress::of));
    }
    return byConnection;
  }

  /** Returns the affinity of a listener. Each counts the responses of its listener. */
  private HttpAffinity<HttpServerRequest, HttpServerResponse> httpAffinity(
      ListenerConfig listener) {
    if (sticky == null) {
      return HttpAffinity.of(Affinity.<HttpServerRequest>none(), access);
    }
    return switch (sticky.type()) {
      case LB_COOKIE -> lbCookie(listener, sticky);
      case SOURCE_IP -> HttpAffinity.of(byRequest(sticky), access);
      default -> byField(sticky);
    };
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> lbCookie(
      ListenerConfig listener, StickyConfig sticky) {
    boolean isNever = Boolean.FALSE.equals(sticky.cookie().secure());
    var builder = LbCookieAffinity.builder(pool, isNever ? VertxAccess.neverSecure() : access)
        .session(sticky.session())
        .environment(environment);
    sticky.cookie().applyTo(builder, sticky.cookie().isSecure(listener));
    return (cookieKeys == null) ? builder.build() : builder.keys(cookieKeys).build();
  }

  private Affinity<HttpServerRequest> byRequest(StickyConfig sticky) {
    if (byRequest == null) {
      byRequest = sourceIp(sticky, SourceIpAffinity.builder(ClientAddress::of));
    }
    return byRequest;
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> byField(StickyConfig sticky) {
    return switch (sticky.type()) {
      case APP_COOKIE -> appCookie(sticky.session());
      default -> new FieldAffinities<>(pool, access, environment, cookieKeys, table).of(sticky);
    };
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> appCookie(StickySession session) {
    return AppCookieAffinity.builder(access)
        .session(session)
        .environment(environment)
        .table(table)
        .build();
  }

  private <R> Affinity<R> sourceIp(StickyConfig sticky, SourceIpAffinity.Builder<R> builder) {
    QuotaConfig quota = sticky.quota();
    if (quota != null) {
      builder.quota(quota.quota());
    }
    if (sticky.ipv6Prefix() != null) {
      builder.ipv6Prefix(sticky.ipv6Prefix());
    }
    SourceIpAffinity<R> affinity =
        builder.session(sticky.session()).environment(environment).table(table).build();
    if (previous != null && previous.hasQuota()) {
      affinity.expectRejected();
    }
    return affinity;
  }
}
