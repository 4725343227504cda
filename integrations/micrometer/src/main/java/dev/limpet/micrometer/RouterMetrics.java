package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of a router: {@code limpet.router.requests} by outcome and reason, and {@code
 * limpet.router.reroutes}, {@code limpet.router.listener.failures} and {@code
 * limpet.router.abandoned.routes}. Each request counts once, by its first route, so the sum over
 * all outcomes and reasons is the number of requests.
 *
 * <p>All pairs of an outcome and a reason are there from the beginning, with the value 0, because a
 * monitoring system cannot see the first increase of a counter that was not there before. A route
 * without a reason has the reason {@code none}.
 *
 * <p>Meters refer weakly to the router and do not keep it alive; what routes requests does. After
 * that, counters keep their last value until this is closed. Safe for use by many threads at once.
 */
public final class RouterMetrics extends LimpetBinder {
  private final StickyRouter<?> router;
  private final String name;

  private RouterMetrics(StickyRouter<?> router, String name) {
    this.router = router;
    this.name = name;
  }

  /**
   * {@return metrics of a router that has the name of its pool}
   *
   * @param router the router
   */
  public static RouterMetrics of(StickyRouter<?> router) {
    return of(router, router.pool().name());
  }

  /**
   * {@return metrics of a router}
   *
   * @param router the router
   * @param name the value of the tag {@code router}, which tells the routers of one pool apart
   */
  public static RouterMetrics of(StickyRouter<?> router, String name) {
    return new RouterMetrics(requireNonNull(router, "router"), requireNonNull(name, "name"));
  }

  /** {@return the tags of a router's meters} */
  static Tags tags(StickyRouter<?> router, String name) {
    return Tags.of(TagValues.POOL, router.pool().name(), TagValues.ROUTER, name);
  }

  @Override
  Tags tags() {
    return tags(router, name);
  }

  @Override
  LimpetMeter first() {
    return LimpetMeter.LISTENER_FAILURES;
  }

  @Override
  Runnable register(Meters meters) {
    count(meters, LimpetMeter.LISTENER_FAILURES, RouterStats::listenerFailures);
    count(meters, LimpetMeter.ABANDONED_ROUTES, RouterStats::abandonedRoutes);
    for (Outcome outcome : Outcome.values()) {
      count(
          meters,
          LimpetMeter.REROUTES,
          stats -> stats.rerouted(outcome),
          TagValues.OUTCOME,
          TagValues.of(outcome));
      for (Reason reason : Reason.values()) {
        countRequests(meters, outcome, reason);
      }
    }
    countRequests(meters, Outcome.KEPT, null);
    return () -> {};
  }

  private void countRequests(Meters meters, Outcome outcome, @Nullable Reason reason) {
    count(
        meters,
        LimpetMeter.REQUESTS,
        stats -> (reason == null) ? unexplained(stats, outcome) : stats.count(outcome, reason),
        TagValues.OUTCOME,
        TagValues.of(outcome),
        TagValues.REASON,
        TagValues.of(reason));
  }

  /** {@return the number of requests with an outcome and without a reason} */
  private static long unexplained(RouterStats stats, Outcome outcome) {
    long explained = 0;
    for (Reason reason : Reason.values()) {
      explained += stats.count(outcome, reason);
    }
    return stats.count(outcome) - explained;
  }

  private void count(
      Meters meters, LimpetMeter meter, ToLongFunction<RouterStats> value, String... more) {
    meters.count(meter, router, counted -> value.applyAsLong(counted.stats()), more);
  }
}
