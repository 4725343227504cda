package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.Member;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Tells what is left of draining backends: {@code limpet.backend.drain.remaining}, the time until
 * the last session has expired if none is used again. It is 0 for a backend that is not drained or
 * has no sessions, and not a number if the affinity cannot tell. For {@code other} it is the
 * longest time of these backends. {@code limpet.backend.bindings} and {@code
 * limpet.backend.connections} count what is left.
 *
 * <p>Meters refer weakly to the router, as those of {@link RouterMetrics} do. Safe for use by many
 * threads at once.
 */
public final class DrainMetrics extends LimpetBinder {
  private static final Duration UNKNOWN = Remaining.UNKNOWN.longest();
  private static final double NANOS_PER_SECOND = 1e9;

  private final StickyRouter<?> router;
  private final String name;
  private final int maxBackends;

  private DrainMetrics(StickyRouter<?> router, String name, int maxBackends) {
    this.router = router;
    this.name = name;
    this.maxBackends = maxBackends;
  }

  /**
   * {@return metrics of the drains of a router that has the name of its pool}
   *
   * @param router the router
   */
  public static DrainMetrics of(StickyRouter<?> router) {
    return of(router, router.pool().name(), PoolMetrics.DEFAULT_MAX_BACKENDS);
  }

  /**
   * {@return metrics of the drains of a router}
   *
   * @param router the router
   * @param name the value of the tag {@code router}
   * @param maxBackends the number of backends that have meters of their own
   * @throws IllegalArgumentException if the number is out of range
   */
  public static DrainMetrics of(StickyRouter<?> router, String name, int maxBackends) {
    return new DrainMetrics(
        requireNonNull(router, "router"),
        requireNonNull(name, "name"),
        PoolMetrics.checkedMax(maxBackends));
  }

  @Override
  Tags tags() {
    return RouterMetrics.tags(router, name);
  }

  @Override
  LimpetMeter first() {
    return LimpetMeter.DRAIN_REMAINING;
  }

  @Override
  Runnable register(Meters meters) {
    List<BindingCounts> counts = router.affinity().parts().stream()
        .map(part -> new BindingCounts(meters.clock()))
        .toList();
    BackendMeters<StickyRouter<?>> backends = new BackendMeters<>(
        meters,
        maxBackends,
        StickyRouter::pool,
        (all, own, read, id) -> own.time(
            LimpetMeter.DRAIN_REMAINING,
            read,
            now -> longest(now.affinity().parts(), counts, all.members(now, id))));
    backends.begin(router);
    return () -> backends.follow(router);
  }

  private static double longest(
      List<? extends Affinity<?>> affinities, List<BindingCounts> counts, List<Member> members) {
    double longest = 0;
    for (Member member : members) {
      if (member.draining()) {
        for (int i = 0; i < affinities.size(); i++) {
          Remaining remaining = remaining(affinities.get(i), counts.get(i), member.name());
          longest = Math.max(longest, seconds(remaining));
        }
      }
    }
    return longest;
  }

  /** Returns the sessions that a backend still has. A table counts those of all at once. */
  private static Remaining remaining(Affinity<?> affinity, BindingCounts counts, String name) {
    StickyTable table = affinity.table();
    StickySession session = affinity.session();
    Map<String, Long> counted = (table == null || session == null) ? null : counts.of(table);
    return (counted == null || session == null)
        ? affinity.remaining(name)
        : Remaining.of(OptionalLong.of(counted.getOrDefault(name, 0L)), session);
  }

  private static double seconds(Remaining remaining) {
    Duration longest = remaining.longest();
    return longest.equals(UNKNOWN)
        ? Double.NaN
        : longest.getSeconds() + longest.getNano() / NANOS_PER_SECOND;
  }
}
