package dev.limpet.core;

/**
 * Hears of every answer of a router. Called by the thread that asked, after the answer is final,
 * while no lock is held; it may change the pool or ask the router. What it throws is counted and
 * goes no further.
 *
 * <p>Embedders may implement it; methods that are added later have defaults.
 *
 * @param <R> the embedder's request
 */
@FunctionalInterface
public interface RouteListener<R> {

  /**
   * Hears of an answer.
   *
   * @param request the request
   * @param route the answer, first or rerouted
   */
  void routed(R request, Route route);
}
