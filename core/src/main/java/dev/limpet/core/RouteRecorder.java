package dev.limpet.core;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Counts the routes of a router and notifies its listener. Safe for use by many threads at once.
 */
final class RouteRecorder<R> {
  private final RouteListener<? super R> listener;
  private final RouteCounts.Adder routes;
  private final RouteCounts.Adder reroutes;
  private final LongAdder listenerFailures;

  RouteRecorder(RouteListener<? super R> listener) {
    this.listener = listener;
    this.routes = new RouteCounts.Adder();
    this.reroutes = new RouteCounts.Adder();
    this.listenerFailures = new LongAdder();
  }

  private RouteRecorder(RouteListener<? super R> listener, RouteRecorder<?> same) {
    this.listener = listener;
    this.routes = same.routes;
    this.reroutes = same.reroutes;
    this.listenerFailures = same.listenerFailures;
  }

  /** Makes a recorder that shares the counters of another one, for requests of another type. */
  <Q> RouteRecorder(RouteRecorder<Q> same, Function<? super R, ? extends Q> request) {
    this(told(same.listener, request), same);
  }

  private static <R, Q> RouteListener<R> told(
      RouteListener<? super Q> listener, Function<? super R, ? extends Q> request) {
    return (form, route) -> listener.routed(request.apply(form), route);
  }

  /** {@return a recorder with another listener that shares the counters of this one} */
  <Q> RouteRecorder<Q> continued(RouteListener<? super Q> next) {
    return new RouteRecorder<>(next, this);
  }

  /** Records the first route of a request, and returns it. */
  Route recordFirst(R request, Route route) {
    routes.add(route);
    tell(request, route);
    return route;
  }

  /** Records a later route of a request, and returns it. */
  Route recordReroute(R request, Route route) {
    reroutes.add(route);
    tell(request, route);
    return route;
  }

  RouterStats stats(long abandonedRoutes) {
    return new RouterStats(
        routes.counts(), reroutes.counts(), listenerFailures.sum(), abandonedRoutes);
  }

  private void tell(R request, Route route) {
    try {
      listener.routed(request, route);
    } catch (Throwable thrown) {
      listenerFailures.increment();
    }
  }
}
