package dev.limpet.vertx;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.StickyRouter;
import dev.limpet.vertx.internal.net.BackendAddresses;
import dev.limpet.vertx.internal.net.EventLoops;
import dev.limpet.vertx.internal.tcp.TcpExchange;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;

/**
 * A TCP proxy: connects each client to the backend of its session.
 *
 * <pre>{@code
 * StickyRouter<NetSocket> router =
 *     StickyRouter.of(pool, SourceIpAffinity.builder(ClientAddress::of).build());
 * vertx.createNetServer().connectHandler(StickyTcpProxy.of(vertx, router)).listen(5432);
 * }</pre>
 *
 * <p>If a backend cannot be reached, the next one is tried. Each direction may end on its own (half
 * close), and neither reads more than the other side takes. The route is open until the connection
 * to the backend is closed. If a client leaves, what it has sent is still passed on, for at most a
 * second. A client without a backend is closed. Behind a server that {@linkplain
 * io.vertx.core.net.NetServerOptions#setUseProxyProtocol uses the PROXY protocol}, {@link
 * ClientAddress} is the address in its header; {@link ClientGuard#proxyProtocol} says whose headers
 * are accepted.
 *
 * <p>The proxy uses the handlers of the sockets that it serves. It runs on the event loop of each
 * connection, so it serves no worker verticles. It works with any transport. Safe for use by many
 * threads at once.
 */
public final class StickyTcpProxy implements Handler<NetSocket> {
  private final StickyRouter<NetSocket> router;
  private final BackendAddresses addresses;
  private final NetClient client;

  private StickyTcpProxy(
      StickyRouter<NetSocket> router, BackendAddresses addresses, NetClient client) {
    this.router = requireNonNull(router, "router");
    this.addresses = addresses;
    this.client = client;
  }

  /**
   * {@return a proxy with a connector of its own}
   *
   * @param vertx the Vert.x of the server
   * @param router chooses the backends
   */
  public static StickyTcpProxy of(Vertx vertx, StickyRouter<NetSocket> router) {
    return of(BackendConnector.of(vertx), router);
  }

  /**
   * {@return a proxy}
   *
   * @param connector reaches the backends
   * @param router chooses the backends
   */
  public static StickyTcpProxy of(BackendConnector connector, StickyRouter<NetSocket> router) {
    NetClient client = connector
        .network()
        .vertx()
        .createNetClient(new NetClientOptions().setConnectTimeout(connector.connectMillis()));
    return new StickyTcpProxy(router, connector.network().addresses(), client);
  }

  /**
   * {@return a proxy that reaches the backends as this one does, for a change of the router while
   * clients connect} Clients that this proxy has stay with its router.
   *
   * @param next chooses the backends
   */
  public StickyTcpProxy withRouter(StickyRouter<NetSocket> next) {
    return new StickyTcpProxy(next, addresses, client);
  }

  /**
   * Serves a client.
   *
   * @param socket the client's, of which nothing was read
   * @throws IllegalStateException if this is not called on an event loop; the socket is closed
   */
  @Override
  public void handle(NetSocket socket) {
    try {
      EventLoops.check(ContextInternal.current());
    } catch (IllegalStateException e) {
      socket.close();
      throw e;
    }
    new TcpExchange(socket, router, this::connect).run();
  }

  private Future<NetSocket> connect(Backend backend) {
    return addresses.reach(backend, client::connect);
  }
}
