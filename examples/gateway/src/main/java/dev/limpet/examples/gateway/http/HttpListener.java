package dev.limpet.examples.gateway.http;

import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.vertx.StickyHttpProxy;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** Serves HTTP clients by a proxy. */
public final class HttpListener {
  private final Engine engine;
  private final HttpServerOptions options;
  private final Handler<HttpServerRequest> proxy;

  /**
   * Makes a listener that does not listen yet.
   *
   * @param proxy serves the requests with a {@link StickyHttpProxy} that has the guard of the
   *     engine and the endpoint's trusted proxies
   */
  public HttpListener(Engine engine, Endpoint endpoint, Handler<HttpServerRequest> proxy) {
    this.engine = engine;
    this.options = options(engine, endpoint);
    this.proxy = proxy;
  }

  /** Listens on all event loops; completes with the port. */
  public Future<Integer> listen() {
    return engine.listen(() -> server().listen().map(HttpServer::actualPort));
  }

  private HttpServer server() {
    return engine.vertx().createHttpServer(options).requestHandler(proxy);
  }

  private static HttpServerOptions options(Engine engine, Endpoint endpoint) {
    HttpServerOptions options = StickyHttpProxy.serverOptions();
    if (endpoint.tls() != null) {
      options.setSsl(true).setUseAlpn(true).setKeyCertOptions(endpoint.tls());
    }
    return endpoint.applyTo(options, engine.guard());
  }
}
