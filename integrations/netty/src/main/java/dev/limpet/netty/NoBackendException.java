package dev.limpet.netty;

import dev.limpet.core.Route;
import java.net.ConnectException;

/**
 * Tells that no backend is left for a client: the router refused it, or no backend could be
 * connected to. The {@link #route} has the reason.
 */
public final class NoBackendException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final transient Route route;

  NoBackendException(Route route) {
    super("route: " + route + " (expected: a route with a backend)");
    this.route = route;
  }

  /** {@return the last route of the client, which has no backend} */
  public Route route() {
    return route;
  }
}
