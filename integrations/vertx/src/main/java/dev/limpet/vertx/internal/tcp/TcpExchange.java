package dev.limpet.vertx.internal.tcp;

import dev.limpet.core.Backend;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.vertx.internal.net.Stages;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client's TCP connection and the attempts to find a backend for it. */
public final class TcpExchange {

  private final NetSocket client;
  private final StickyRouter<NetSocket> router;
  private final Function<Backend, Future<NetSocket>> connector;
  private boolean gone; // on the event loop of the client's connection, as is the held route
  private @Nullable Route held;

  /**
   * Makes an exchange.
   *
   * @param connector connects to a backend
   */
  public TcpExchange(
      NetSocket client,
      StickyRouter<NetSocket> router,
      Function<Backend, Future<NetSocket>> connector) {
    this.client = client;
    this.router = router;
    this.connector = connector;
  }

  /** Serves the connection. */
  public void run() {
    client.pause();
    HalfClose.allow(client);
    client.closeHandler(closed -> end());
    route().onComplete(this::routed, this::lost);
  }

  private Future<Route> route() {
    try {
      return Stages.here(router.routeAsync(client));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
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
      Stages.here(router.rerouteAsync(client, failed)).onComplete(this::routed, this::lost);
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
