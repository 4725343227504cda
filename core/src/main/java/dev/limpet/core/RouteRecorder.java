package dev.limpet.core;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a router answers, and tells its listener. For use by many threads at once. */
final class RouteRecorder<R> {
  private final RouteListener<? super R> listener;
  private final RouteCounts.Adder routes = new RouteCounts.Adder();
  private final RouteCounts.Adder reroutes = new RouteCounts.Adder();
  private final LongAdder listenerFailures = new LongAdder();

  RouteRecorder(RouteListener<? super R> listener) {
    this.listener = listener;
  }

  /** Passes on the first answer to a request. */
  Route recordFirst(R request, Route route) {
    routes.add(route);
    tell(request, route);
    return route;
  }

  /** Passes on a further answer to a request. */
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
