package dev.limpet.examples.gateway.tcp;

import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/** Serves TCP clients by a proxy. */
public final class TcpListener {
  private final Engine engine;
  private final NetServerOptions options;
  private final Handler<NetSocket> proxy;

  /**
   * Makes a listener that does not listen yet.
   *
   * @param proxy serves the clients
   */
  public TcpListener(Engine engine, Endpoint endpoint, Handler<NetSocket> proxy) {
    this.engine = engine;
    this.options = endpoint.applyTo(new NetServerOptions(), engine.guard());
    this.proxy = proxy;
  }

  /** Listens on all event loops; completes with the port. */
  public Future<Integer> listen() {
    return engine.listen(() -> server().listen().map(NetServer::actualPort));
  }

  private NetServer server() {
    return engine.vertx().createNetServer(options).connectHandler(proxy);
  }
}
