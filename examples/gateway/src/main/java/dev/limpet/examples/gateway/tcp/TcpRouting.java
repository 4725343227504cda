package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.AsyncStickyRouter;
import dev.limpet.core.Lease;
import dev.limpet.core.Route;
import dev.limpet.core.Router;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.net.Stages;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How an exchange asks its router. To be asked on the context of the connection, where the futures complete: at once,
 * if the answer is known at once.
 *
 * @param router the router
 * @param lease routes a client; to be closed, also when the client has gone meanwhile
 * @param reroute routes a client again whose connect failed; the lease says where it goes now
 */
public record TcpRouting(
    Router<InetAddress> router,
    Function<InetAddress, Future<Lease>> lease,
    BiFunction<InetAddress, Lease, Future<Route>> reroute) {

  /** Asks a router that answers at once. */
  public static TcpRouting of(StickyRouter<InetAddress> router) {
    return new TcpRouting(
        router,
        client -> Future.succeededFuture(router.lease(client)),
        (client, lease) -> Future.succeededFuture(router.reroute(client, lease)));
  }

  /** Asks a router that may take its time. */
  public static TcpRouting of(AsyncStickyRouter<InetAddress> router) {
    return new TcpRouting(
        router,
        client -> Stages.here(router.lease(client)),
        (client, lease) -> Stages.here(router.reroute(client, lease)));
  }
}
