package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.Backend;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import io.vertx.core.Future;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;

/** Serves TCP clients from the backends that a router chooses. */
public final class TcpListener {

  private final Engine engine;
  private final Endpoint endpoint;
  private final StickyRouter<InetAddress> router;
  private final NetClient client;

  /** Makes a listener that does not listen yet. */
  public TcpListener(Engine engine, Endpoint endpoint, StickyRouter<InetAddress> router) {
    this.engine = engine;
    this.endpoint = endpoint;
    this.router = router;
    this.client = engine.vertx().createNetClient(new NetClientOptions().setConnectTimeout((int)
            engine.connectTimeout().toMillis()));
  }

  /** Listens on all event loops; completes with the port. */
  public Future<Integer> listen() {
    return engine.listen(endpoint, () -> server().listen().map(NetServer::actualPort));
  }

  private NetServer server() {
    return engine
        .vertx()
        .createNetServer(new NetServerOptions()
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setUseProxyProtocol(endpoint.usesProxyProtocol()))
        .connectHandler(socket -> new TcpExchange(socket, router, this::connect).run());
  }

  private Future<NetSocket> connect(Backend backend) {
    return engine.addresses().reach(backend, client::connect);
  }
}
