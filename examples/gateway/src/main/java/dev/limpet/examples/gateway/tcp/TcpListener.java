package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.vertx.StickyTcpProxy;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/** Serves TCP clients from the backends that a router chooses. */
public final class TcpListener {
  private final Engine engine;
  private final NetServerOptions options;
  private final StickyTcpProxy proxy;

  /** Makes a listener that does not listen yet. */
  public TcpListener(Engine engine, Endpoint endpoint, StickyRouter<NetSocket> router) {
    this.engine = engine;
    this.options = endpoint.applyTo(new NetServerOptions(), engine.guard());
    this.proxy = StickyTcpProxy.of(engine.connector(), router);
  }

  /** Listens on all event loops; completes with the port. */
  public Future<Integer> listen() {
    return engine.listen(() -> server().listen().map(NetServer::actualPort));
  }

  private NetServer server() {
    return engine.vertx().createNetServer(options).connectHandler(proxy);
  }
}
