package dev.limpet.core;

/**
 * The statistics of a router since it was built. Immutable. While requests are routed, the numbers
 * may differ by a few requests from each other. Every request is counted once, with its first
 * outcome, so {@link #requests} is the sum over all outcomes. Reroutes are counted separately.
 */
public final class RouterStats {
  private final RouteCounts routes;
  private final RouteCounts reroutes;
  private final long listenerFailures;
  private final long abandonedRoutes;

  RouterStats(
      RouteCounts routes, RouteCounts reroutes, long listenerFailures, long abandonedRoutes) {
    this.routes = routes;
    this.reroutes = reroutes;
    this.listenerFailures = listenerFailures;
    this.abandonedRoutes = abandonedRoutes;
  }

  /** {@return the number of requests that were routed} */
  public long requests() {
    return routes.total();
  }

  /**
   * {@return the number of requests with an outcome}
   *
   * @param outcome the outcome of the request's first route
   */
  public long count(Outcome outcome) {
    return routes.of(outcome);
  }

  /**
   * {@return the number of requests with an outcome and a reason}
   *
   * @param outcome the outcome of the request's first route
   * @param reason the reason of the request's first route
   */
  public long count(Outcome outcome, Reason reason) {
    return routes.of(outcome, reason);
  }

  /**
   * {@return the number of requests with a reason, over all outcomes}
   *
   * @param reason the reason of the request's first route
   */
  public long count(Reason reason) {
    return routes.of(reason);
  }

  /** {@return the number of reroutes; one request may be rerouted several times} */
  public long reroutes() {
    return reroutes.total();
  }

  /**
   * {@return the number of reroutes with an outcome}
   *
   * @param outcome the outcome of the reroute
   */
  public long rerouted(Outcome outcome) {
    return reroutes.of(outcome);
  }

  /** {@return the number of exceptions that the listener threw} */
  public long listenerFailures() {
    return listenerFailures;
  }

  /**
   * {@return the number of routes that held a connection and were not closed, as far as the garbage
   * collector has found them}
   */
  public long abandonedRoutes() {
    return abandonedRoutes;
  }

  /** {@return all numbers, except outcomes that did not occur} */
  @Override
  public String toString() {
    return "requests " + requests() + ' ' + routes + ", reroutes " + reroutes() + ' ' + reroutes
        + ", listener failures " + listenerFailures + ", abandoned routes " + abandonedRoutes;
  }
}
