package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.vertx.StickyHttpProxy;
import dev.limpet.vertx.StickyTcpProxy;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Map;

/**
 * The listeners that share sessions. All of them change their routers at once, and each request has
 * one router from its beginning to its end. Safe for use by many threads at once.
 */
final class OwnerListeners {
  private volatile Proxies now;

  /**
   * The proxies of the listeners, by the listeners' names.
   *
   * @param routers the routers of the proxies
   */
  record Proxies(
      OwnerRouters routers, Map<String, StickyHttpProxy> http, Map<String, StickyTcpProxy> tcp) {

    /** Copies the maps. */
    Proxies {
      http = Map.copyOf(http);
      tcp = Map.copyOf(tcp);
    }
  }

  OwnerListeners(Proxies first) {
    this.now = first;
  }

  /** Returns the proxies that serve new requests. */
  Proxies now() {
    return now;
  }

  /** Serves new requests with other proxies. */
  void change(Proxies next) {
    now = next;
  }

  /** Returns a handler that passes each request of an HTTP listener to its present proxy. */
  Handler<HttpServerRequest> http(String listener) {
    return request -> requireNonNull(now.http().get(listener), listener).handle(request);
  }

  /** Returns a handler that passes each connection of a TCP listener to its present proxy. */
  Handler<NetSocket> tcp(String listener) {
    return socket -> requireNonNull(now.tcp().get(listener), listener).handle(socket);
  }
}
