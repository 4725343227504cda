package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.Lease;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import io.vertx.core.Future;
import java.net.InetAddress;

/**
 * What an exchange asks its router. Called on the connection's context, where the futures complete too: at once, if
 * the answer is known at once.
 */
public interface TcpRouting {

  /** Routes a client. The lease is to be closed, also when the client has gone meanwhile. */
  Future<Lease> lease(InetAddress client);

  /** Routes a client again whose connect failed; the lease says where it goes now. */
  Future<Route> reroute(InetAddress client, Lease lease);

  /** Asks a router that answers at once. */
  static TcpRouting of(StickyRouter<InetAddress> router) {
    return new TcpRouting() {
      @Override
      public Future<Lease> lease(InetAddress client) {
        return Future.succeededFuture(router.lease(client));
      }

      @Override
      public Future<Route> reroute(InetAddress client, Lease lease) {
        return Future.succeededFuture(router.reroute(client, lease));
      }
    };
  }
}
