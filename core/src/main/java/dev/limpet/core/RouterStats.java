package dev.limpet.core;

/**
 * What a router has answered since it was built. A value of one moment; while requests are routed,
 * its numbers may be some requests apart. Every request counts once, by its first answer: {@link
 * #requests} is the sum of all outcomes. RouteRecorder to reroutes count apart.
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

  /** {@return how many requests were routed} */
  public long requests() {
    return routes.total();
  }

  /**
   * {@return how many requests had an outcome}
   *
   * @param outcome the outcome of the first answer
   */
  public long count(Outcome outcome) {
    return routes.of(outcome);
  }

  /**
   * {@return how many requests had an outcome for a reason}
   *
   * @param outcome the outcome of the first answer
   * @param reason its reason
   */
  public long count(Outcome outcome, Reason reason) {
    return routes.of(outcome, reason);
  }

  /**
   * {@return how many requests had a reason, whatever their outcome}
   *
   * @param reason the reason of the first answer
   */
  public long count(Reason reason) {
    return routes.of(reason);
  }

  /** {@return how often a request was rerouted} */
  public long reroutes() {
    return reroutes.total();
  }

  /**
   * {@return how many reroutes had an outcome}
   *
   * @param outcome the outcome of the reroute
   */
  public long rerouted(Outcome outcome) {
    return reroutes.of(outcome);
  }

  /** {@return how often the listener threw} */
  public long listenerFailures() {
    return listenerFailures;
  }

  /**
   * {@return how many routes that held a connection were not closed, as far as the garbage
   * collector has found them}
   */
  public long abandonedRoutes() {
    return abandonedRoutes;
  }

  /** {@return all numbers but zeros} */
  @Override
  public String toString() {
    return "requests " + requests() + ' ' + routes + ", reroutes " + reroutes() + ' ' + reroutes
        + ", listener failures " + listenerFailures + ", abandoned routes " + abandonedRoutes;
  }
}
