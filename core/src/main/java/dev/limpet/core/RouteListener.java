package dev.limpet.core;

import static java.util.Objects.requireNonNull;

/**
 * Is notified of every route of a router. Called on the thread that routes the request, after the
 * route is final and while no lock is held. It may change the pool or call the router. Exceptions
 * that it throws are counted and otherwise ignored.
 *
 * <p>Embedders may implement it; methods that are added later have defaults.
 *
 * @param <R> the embedder's type of request or connection
 */
@FunctionalInterface
public interface RouteListener<R> {

  /**
   * Called for each route of a request: the first one, and each reroute.
   *
   * @param request the request
   * @param route the route; {@link Route#failed} is null for the first one
   */
  void routed(R request, Route route);

  /**
   * {@return a listener that calls this listener and then another one} The other one is called even
   * if this one throws. If both throw, the router counts one failure.
   *
   * @param next the other listener
   */
  default RouteListener<R> andThen(RouteListener<? super R> next) {
    requireNonNull(next, "next");
    return (request, route) -> {
      try {
        routed(request, route);
      } finally {
        next.routed(request, route);
      }
    };
  }
}
