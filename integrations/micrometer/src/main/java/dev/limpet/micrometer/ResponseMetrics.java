package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;

import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.ResponseStats;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToLongFunction;

/**
 * Counts what an HTTP router's affinity does with cookies and headers, as {@link ResponseStats}
 * does: {@code limpet.responses.issued} and others. If several routers share an affinity, bind the
 * metrics of one of them only; {@link LimpetMetrics} does so.
 *
 * <p>Meters refer weakly to the router, as those of {@link RouterMetrics} do. Safe for use by many
 * threads at once.
 */
public final class ResponseMetrics extends LimpetBinder {
  private final HttpRouter<?, ?> router;
  private final String name;

  private ResponseMetrics(HttpRouter<?, ?> router, String name) {
    this.router = router;
    this.name = name;
  }

  /**
   * {@return metrics of the responses of a router that has the name of its pool}
   *
   * @param router the router
   */
  public static ResponseMetrics of(HttpRouter<?, ?> router) {
    return of(router, router.pool().name());
  }

  /**
   * {@return metrics of the responses of a router}
   *
   * @param router the router
   * @param name the value of the tag {@code router}
   */
  public static ResponseMetrics of(HttpRouter<?, ?> router, String name) {
    return new ResponseMetrics(requireNonNull(router, "router"), requireNonNull(name, "name"));
  }

  @Override
  Tags tags() {
    return RouterMetrics.tags(router, name);
  }

  @Override
  LimpetMeter first() {
    return LimpetMeter.ISSUED;
  }

  @Override
  Runnable register(Meters meters) {
    count(meters, LimpetMeter.ISSUED, ResponseStats::issued);
    count(meters, LimpetMeter.REFRESHED, ResponseStats::refreshed);
    count(meters, LimpetMeter.LEARNED, ResponseStats::learned);
    count(meters, LimpetMeter.LEARN_REJECTED, ResponseStats::learnRejected);
    count(meters, LimpetMeter.LEARN_CONFLICTS, ResponseStats::learnConflicts);
    count(meters, LimpetMeter.UNLEARNED, ResponseStats::unlearned);
    count(meters, LimpetMeter.UNSEALED, ResponseStats::unsealed);
    count(meters, LimpetMeter.FOREIGN_SET_COOKIES, ResponseStats::foreignSetCookies);
    count(meters, LimpetMeter.FOREIGN_COOKIES, ResponseStats::foreignCookies);
    count(meters, LimpetMeter.AMBIGUOUS_TAGS, ResponseStats::ambiguousTags);
    count(meters, LimpetMeter.MARKED, ResponseStats::marked);
    count(meters, LimpetMeter.UNMARKED, ResponseStats::unmarked);
    return () -> {};
  }

  private void count(Meters meters, LimpetMeter meter, ToLongFunction<ResponseStats> value) {
    meters.count(meter, router, counted -> value.applyAsLong(counted.responseStats()));
  }
}
