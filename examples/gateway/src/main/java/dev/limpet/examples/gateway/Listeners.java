package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.config.Cidr;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.Protocol;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.examples.gateway.config.TlsConfig;
import dev.limpet.examples.gateway.http.HttpListener;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.examples.gateway.net.Listening;
import dev.limpet.examples.gateway.operate.Running;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import dev.limpet.examples.gateway.tcp.TcpListener;
import dev.limpet.l7.HttpRouter;
import dev.limpet.vertx.StickyHttpProxy;
import dev.limpet.vertx.StickyTcpProxy;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The servers of all listeners, and the proxies that serve them now. One thread opens them. After
 * that, many threads may use them at once, but only one at a time may change them.
 */
final class Listeners {
  private final Engine engine;
  private final Console console;
  private final Map<String, OwnerListeners> owners = new LinkedHashMap<>();
  private final Map<String, Server> servers = new LinkedHashMap<>();

  /**
   * Begins with no listener.
   *
   * @param console receives a line for each listener
   */
  Listeners(Engine engine, Console console) {
    this.engine = engine;
    this.console = console;
  }

  /** A listener's port, and the listeners with which it shares sessions. */
  private record Server(int port, OwnerListeners owner) {
    StickyRouter<?> router(String name) {
      return requireNonNull(owner.now().routers().of(name), name);
    }
  }

  /** Makes the proxies that serve the listeners of an owner. */
  void open(GatewayConfig config, String owner, OwnerRouters routers) {
    owners.put(owner, new OwnerListeners(proxies(config, owner, routers, null)));
  }

  /** Makes proxies that can take the place of an owner's present ones. Changes nothing. */
  OwnerListeners.Proxies next(GatewayConfig config, String owner, OwnerRouters routers) {
    return proxies(config, owner, routers, owner(owner).now());
  }

  /**
   * Serves the new requests of all listeners of an owner by other proxies, at once.
   *
   * @return the previous routers
   */
  OwnerRouters change(String name, OwnerListeners.Proxies next) {
    OwnerListeners owner = owner(name);
    OwnerRouters before = owner.now().routers();
    owner.change(next);
    return before;
  }

  /**
   * Returns the present routers of an owner.
   *
   * @throws UnknownNameException if there is no such owner
   */
  OwnerRouters routers(String owner) {
    return owner(owner).now().routers();
  }

  /** Returns the listeners by name, with their present routers, in the configuration's order. */
  Map<String, Running.Served> served() {
    Map<String, Running.Served> served = new LinkedHashMap<>();
    servers.forEach((name, it) -> served.put(name, new Running.Served(it.port(), it.router(name))));
    return served;
  }

  /** Returns the names of the listeners. */
  Set<String> names() {
    return servers.keySet();
  }

  /** Returns the port that a listener listens at. */
  int port(String listener) {
    Server found = servers.get(listener);
    if (found == null) {
      throw new IllegalArgumentException(
          "listener: " + listener + " (expected: one of " + names() + ")");
    }
    return found.port();
  }

  /**
   * Begins to listen.
   *
   * @param listener one of an owner that was opened
   * @throws IOException if it cannot listen, which the message names
   */
  void listen(GatewayConfig config, ListenerConfig listener) throws IOException {
    int wanted = (listener.port() == 0) ? -1 - servers.size() : listener.port();
    Endpoint endpoint = new Endpoint(
        listener.host(),
        wanted,
        tls(listener.tls()),
        listener.proxyProtocol(),
        (listener.protocol() == Protocol.HTTP) ? listener.clientTimeout() : null);
    OwnerListeners owner = owner(config.ownerOf(listener));
    Future<Integer> listening = (listener.protocol() == Protocol.HTTP)
        ? new HttpListener(engine, endpoint, owner.http(listener.name())).listen()
        : new TcpListener(engine, endpoint, owner.tcp(listener.name())).listen();
    String name = listener.name();
    String host = listener.host();
    int port = Listening.await(listening, "listener " + name, host, listener.port());
    servers.put(name, new Server(port, owner));
    console.say("listening " + listener.protocol() + ' ' + name + ' ' + Listening.at(host, port));
  }

  private OwnerListeners.Proxies proxies(
      GatewayConfig config,
      String owner,
      OwnerRouters routers,
      OwnerListeners.@Nullable Proxies previous) {
    Map<String, StickyHttpProxy> http = new HashMap<>();
    Map<String, StickyTcpProxy> tcp = new HashMap<>();
    for (ListenerConfig listener : config.listenersOf(owner)) {
      String name = listener.name();
      var byRequest = routers.http().get(name);
      var byConnection = routers.tcp().get(name);
      if (byRequest != null) {
        StickyHttpProxy last = (previous == null) ? null : previous.http().get(name);
        http.put(name, proxy(config, listener, byRequest, last));
      } else if (byConnection != null) {
        StickyTcpProxy last = (previous == null) ? null : previous.tcp().get(name);
        tcp.put(
            name,
            (last == null)
                ? StickyTcpProxy.of(engine.connector(), byConnection)
                : last.withRouter(byConnection));
      }
    }
    return new OwnerListeners.Proxies(routers, http, tcp);
  }

  private StickyHttpProxy proxy(
      GatewayConfig config,
      ListenerConfig listener,
      HttpRouter<HttpServerRequest, HttpServerResponse> router,
      @Nullable StickyHttpProxy last) {
    StickyHttpProxy.Builder proxy = StickyHttpProxy.builder(engine.connector(), router)
        .clientGuard(engine.guard())
        .trustedProxies(listener.trustedProxies().stream().map(Cidr::toString).toList());
    if (last != null) {
      proxy.continuing(last);
    }
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

  private OwnerListeners owner(String name) {
    OwnerListeners owner = owners.get(name);
    if (owner == null) {
      throw new UnknownNameException(
          "owner: " + name + " (expected: one of " + owners.keySet() + ")");
    }
    return owner;
  }

  private static @Nullable PemKeyCertOptions tls(@Nullable TlsConfig tls) {
    return (tls == null)
        ? null
        : new PemKeyCertOptions()
            .setCertPath(tls.cert().toString())
            .setKeyPath(tls.key().toString());
  }
}
