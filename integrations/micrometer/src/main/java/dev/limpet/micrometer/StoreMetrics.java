package dev.limpet.micrometer;

import static java.util.Objects.requireNonNull;

import dev.limpet.redis.RedisStore;
import dev.limpet.redis.StoreFault;
import dev.limpet.redis.StoreStats;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToLongFunction;

/**
 * Counts and times the calls to Redis of a pool's shared tables, as {@link StoreStats} does: {@code
 * limpet.store.calls} by result, which is {@code answered} or a {@link StoreFault}, and {@code
 * limpet.store.latency} of the answered ones. {@code limpet.store.connected} and {@code
 * limpet.store.breaker.open} are 1 or 0. Each call counts once, and all results are there from the
 * beginning.
 *
 * <p>Meters refer weakly to the store and do not keep it alive; its tables do. Safe for use by many
 * threads at once. Needs {@code limpet-redis}, which the other metrics do not.
 */
public final class StoreMetrics extends LimpetBinder {
  private static final String ANSWERED = "answered";

  private final RedisStore store;

  private StoreMetrics(RedisStore store) {
    this.store = store;
  }

  /**
   * {@return metrics of a store}
   *
   * @param store the store; its pool's name is the tag {@code pool}
   */
  public static StoreMetrics of(RedisStore store) {
    return new StoreMetrics(requireNonNull(store, "store"));
  }

  @Override
  Tags tags() {
    return Tags.of(TagValues.POOL, store.pool());
  }

  @Override
  LimpetMeter first() {
    return LimpetMeter.STORE_CONNECTED;
  }

  @Override
  Runnable register(Meters meters) {
    meters.gauge(LimpetMeter.STORE_CONNECTED, store, read -> read.isConnected() ? 1 : 0);
    meters.gauge(LimpetMeter.STORE_BREAKER_OPEN, store, read -> read.isBreakerOpen() ? 1 : 0);
    meters.timer(
        LimpetMeter.STORE_LATENCY,
        store,
        read -> read.stats().answered(),
        read -> read.stats().answerTime().toNanos());
    count(meters, LimpetMeter.STORE_CALLS, StoreStats::answered, TagValues.RESULT, ANSWERED);
    for (StoreFault fault : StoreFault.values()) {
      count(
          meters,
          LimpetMeter.STORE_CALLS,
          stats -> stats.count(fault),
          TagValues.RESULT,
          TagValues.of(fault));
    }
    count(meters, LimpetMeter.STORE_LATE_REPLIES, StoreStats::lateReplies);
    count(meters, LimpetMeter.STORE_GARBAGE, StoreStats::garbage);
    count(meters, LimpetMeter.STORE_RELOADS, StoreStats::reloads);
    count(meters, LimpetMeter.STORE_MESSAGES, StoreStats::messages);
    count(meters, LimpetMeter.STORE_BAD_MESSAGES, StoreStats::badMessages);
    count(meters, LimpetMeter.STORE_UNTOLD, StoreStats::untold);
    return () -> {};
  }

  private void count(
      Meters meters, LimpetMeter meter, ToLongFunction<StoreStats> value, String... more) {
    meters.count(meter, store, read -> value.applyAsLong(read.stats()), more);
  }
}
