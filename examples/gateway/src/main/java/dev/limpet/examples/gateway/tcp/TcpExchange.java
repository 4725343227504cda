package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.Backend;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.net.Addresses;
import dev.limpet.examples.gateway.net.Stages;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client's TCP connection and the attempts to find a backend for it. */
final class TcpExchange {

  private final NetSocket client;
  private final StickyRouter<InetAddress> router;
  private final Function<Backend, Future<NetSocket>> connector;
  private final InetAddress address;
  private boolean gone; // on the event loop of the client's connection, as is the held route
  private @Nullable Route held;

  TcpExchange(
      NetSocket client,
      StickyRouter<InetAddress> router,
      Function<Backend, Future<NetSocket>> connector) {
    this.client = client;
    this.router = router;
    this.connector = connector;
    this.address = Addresses.client(client);
  }

  void run() {
    client.pause();
    HalfClose.allow(client);
    client.closeHandler(closed -> end());
    Stages.here(router.routeAsync(address)).onComplete(this::routed, this::lost);
  }

  /** Handles the first route and every later one. */
  private void routed(Route route) {
    held = route;
    if (gone) {
      route.cancel();
    } else {
      attempt(route);
    }
  }

  private void end() {
    gone = true;
    if (held != null) {
      held.cancel();
    }
  }

  private void lost(Throwable cause) {
    client.close();
    throw new IllegalStateException(cause);
  }

  private void attempt(Route route) {
    Backend chosen = route.backend();
    if (chosen == null) {
      client.close();
      return;
    }
    connector.apply(chosen).onComplete(up -> join(up, route), down -> again(route));
  }

  private void again(Route failed) {
    if (!gone) {
      Stages.here(router.rerouteAsync(address, failed)).onComplete(this::routed, this::lost);
    }
  }

  /**
   * From now on, the route is held until the backend's connection closes, which may be after the
   * client's.
   */
  private void join(NetSocket backend, Route route) {
    router.succeeded(route);
    if (gone) {
      backend.close();
      return;
    }
    held = null;
    backend.pause();
    HalfClose.allow(backend);
    backend.closeHandler(closed -> route.close());
    TcpPipe.join(client, backend);
  }
}
