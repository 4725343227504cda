package dev.limpet.core;

/**
 * What a router has answered since it was built. A value of one moment; while requests are routed, its
 * numbers may be some requests apart. Every request counts once, by its first answer: {@link #requests}
 * is the sum of all outcomes. Answers to reroutes count apart.
 */
public final class RouterStats {
  private final RouteCounts routes;
  private final RouteCounts reroutes;
  private final long listenerFailures;

  RouterStats(RouteCounts routes, RouteCounts reroutes, long listenerFailures) {
    this.routes = routes;
    this.reroutes = reroutes;
    this.listenerFailures = listenerFailures;
  }

  /** Returns how many requests were routed. */
  public long requests() {
    return routes.total();
  }

  /**
   * Returns how many requests had an outcome.
   *
   * @param outcome the outcome of the first answer
   */
  public long count(Outcome outcome) {
    return routes.of(outcome);
  }

  /**
   * Returns how many requests had an outcome for a reason.
   *
   * @param outcome the outcome of the first answer
   * @param reason its reason
   */
  public long count(Outcome outcome, Reason reason) {
    return routes.of(outcome, reason);
  }

  /**
   * Returns how many requests had a reason, whatever their outcome.
   *
   * @param reason the reason of the first answer
   */
  public long count(Reason reason) {
    return routes.of(reason);
  }

  /** Returns how often a request was rerouted. */
  public long reroutes() {
    return reroutes.total();
  }

  /**
   * Returns how many reroutes had an outcome.
   *
   * @param outcome the outcome of the reroute
   */
  public long rerouted(Outcome outcome) {
    return reroutes.of(outcome);
  }

  /** Returns how often the listener threw. */
  public long listenerFailures() {
    return listenerFailures;
  }

  /** Returns all numbers but zeros. */
  @Override
  public String toString() {
    return "requests " + requests() + ' ' + routes + ", reroutes " + reroutes() + ' ' + reroutes
        + ", listener failures " + listenerFailures;
  }
}
