package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.EjectionStats;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Tells the states of a pool's backends: {@code limpet.pool.backends} by state, {@code
 * limpet.pool.draining}, and the numbers of ejections and readmissions. Each backend has {@code
 * limpet.backend.state}, {@code limpet.backend.weight} and, in a pool that counts connections,
 * {@code limpet.backend.connections}.
 *
 * <p>The first backends have meters of their own, tagged with their id. The rest, and one whose id
 * is {@code other}, are added up under the id {@code other}. A backend that leaves the pool loses
 * its meters, and the next one of the rest gets some. So the number of meters is bounded, whatever
 * names come and go. There is no thread: meters are changed when they are read after a change of
 * the pool.
 *
 * <p>Meters refer weakly to the pool and do not keep it alive; its routers do. Safe for use by many
 * threads at once.
 */
public final class PoolMetrics extends LimpetBinder {

  /** The number of backends that have meters of their own by default: 100. */
  public static final int DEFAULT_MAX_BACKENDS = 100;

  private final Pool pool;
  private final int maxBackends;

  private PoolMetrics(Pool pool, int maxBackends) {
    this.pool = pool;
    this.maxBackends = maxBackends;
  }

  /**
   * {@return metrics of a pool, with meters of their own for {@link #DEFAULT_MAX_BACKENDS}
   * backends}
   *
   * @param pool the pool; its name is the tag {@code pool}
   */
  public static PoolMetrics of(Pool pool) {
    return of(pool, DEFAULT_MAX_BACKENDS);
  }

  /**
   * {@return metrics of a pool}
   *
   * @param pool the pool; its name is the tag {@code pool}
   * @param maxBackends the number of backends that have meters of their own, 0..{@link
   *     Pool#MAX_SIZE}
   * @throws IllegalArgumentException if the number is out of range
   */
  public static PoolMetrics of(Pool pool, int maxBackends) {
    return new PoolMetrics(requireNonNull(pool, "pool"), checkedMax(maxBackends));
  }

  static int checkedMax(int maxBackends) {
    if (maxBackends < 0 || maxBackends > Pool.MAX_SIZE) {
      throw new IllegalArgumentException(
          "maxBackends: " + maxBackends + " (expected: 0.." + Pool.MAX_SIZE + ")");
    }
    return maxBackends;
  }

  @Override
  Tags tags() {
    return Tags.of(TagValues.POOL, pool.name());
  }

  @Override
  LimpetMeter first() {
    return LimpetMeter.DRAINING;
  }

  @Override
  Runnable register(Meters meters) {
    count(meters, LimpetMeter.EJECTIONS, EjectionStats::ejections);
    count(meters, LimpetMeter.READMISSIONS, EjectionStats::readmissions);
    count(meters, LimpetMeter.PREVENTED, EjectionStats::prevented);
    count(meters, LimpetMeter.EJECTION_LISTENER_FAILURES, EjectionStats::listenerFailures);
    BackendMeters<Pool> backends =
        new BackendMeters<>(meters, maxBackends, read -> read, PoolMetrics::registerBackend);
    for (Member.State state : Member.State.values()) {
      meters.gauge(
          LimpetMeter.BACKENDS,
          pool,
          read -> {
            backends.follow(read);
            return sum(read.snapshot().members(), member -> oneIf(member.state() == state));
          },
          TagValues.STATE,
          TagValues.of(state));
    }
    meters.gauge(
        LimpetMeter.DRAINING,
        pool,
        read -> sum(read.snapshot().members(), member -> oneIf(member.draining())));
    backends.begin(pool);
    return () -> backends.follow(pool);
  }

  private static void registerBackend(BackendMeters<Pool> all, Meters own, Pool pool, String id) {
    gauge(
        all,
        own,
        pool,
        id,
        LimpetMeter.BACKEND_WEIGHT,
        member -> member.backend().weight());
    for (Member.State state : Member.State.values()) {
      own.gauge(
          LimpetMeter.BACKEND_STATE,
          pool,
          read -> sum(all.members(read, id), member -> oneIf(member.state() == state)),
          TagValues.STATE,
          TagValues.of(state));
    }
    if (pool.counts()) {
      gauge(
          all,
          own,
          pool,
          id,
          LimpetMeter.BACKEND_CONNECTIONS,
          member -> member.load().connections());
    }
  }

  private static void gauge(
      BackendMeters<Pool> all,
      Meters own,
      Pool pool,
      String id,
      LimpetMeter meter,
      ToDoubleFunction<Member> value) {
    own.gauge(meter, pool, read -> sum(all.members(read, id), value));
  }

  private void count(Meters meters, LimpetMeter meter, ToLongFunction<EjectionStats> value) {
    meters.count(meter, pool, read -> value.applyAsLong(read.ejectionStats()));
  }

  private static double sum(Iterable<Member> members, ToDoubleFunction<Member> value) {
    double sum = 0;
    for (Member member : members) {
      sum += value.applyAsDouble(member);
    }
    return sum;
  }

  private static double oneIf(boolean condition) {
    return condition ? 1 : 0;
  }
}
