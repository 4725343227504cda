package dev.limpet.redis;

import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The bindings of one pool, as seen by one table. */
final class RedisBindings implements BindingStore.Bindings {
  private static final byte[] NOTHING = {};
  private static final byte[] ZERO = Ascii.bytes("0");

  private final RedisLink link;
  private final PoolNames names;
  private final BindingText text;
  private final Retention retention;
  private final Exchange exchange;
  private final StoreCounts counts;

  RedisBindings(RedisStore store, Retention retention, Environment environment) {
    this.link = store.link;
    this.names = store.names;
    this.text = new BindingText(environment.hasher(), store.pool);
    this.retention = retention;
    this.counts = store.counts;
    this.exchange = new Exchange(store, text, precise(environment.clock()));
  }

  /**
   * Returns a clock for deadlines, because a coarse clock may be further behind than a deadline is
   * long.
   */
  private static NanoClock precise(NanoClock clock) {
    return clock.resolution().isZero() ? clock : NanoClock.system();
  }

  @Override
  public CompletionStage<StoreAnswer> find(long key) {
    return bind(key, null, NOTHING, null, retention);
  }

  @Override
  public CompletionStage<StoreAnswer> bind(
      long key, @Nullable SharedBinding expected, SharedBinding candidate, Duration age) {
    return BindingText.holds(candidate)
        ? bind(key, expected, text.write(key, candidate), candidate, retention.after(age))
        : exchange.refuse(StoreFault.UNWRITABLE);
  }

  private CompletionStage<StoreAnswer> bind(
      long key,
      @Nullable SharedBinding expected,
      byte[] written,
      @Nullable SharedBinding candidate,
      Retention left) {
    List<byte[]> rest = List.of(
        written,
        expected == null ? NOTHING : Ascii.bytes(expected.name()),
        expected == null ? ZERO : Ascii.bytes(expected.version()),
        Ascii.bytes(left.millis()),
        Ascii.bytes(left.renewBelow()));
    return ask(Script.BIND, key, rest, candidate);
  }

  @Override
  public CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
    long next = Math.min(expected.version() + 1L, Integer.MAX_VALUE);
    return ask(
        Script.UNBIND, key, List.of(Ascii.bytes(expected.version()), Ascii.bytes(next)), null);
  }

  private CompletionStage<StoreAnswer> ask(
      Script script, long key, List<byte[]> rest, @Nullable SharedBinding candidate) {
    return exchange.ask(
        new ScriptRequest(script, key, names.redisKey(key), names.channel(), rest, candidate));
  }

  @Override
  public void later(Duration delay, Runnable task) {
    link.later(delay, task);
  }

  @Override
  public void countUntold() {
    counts.untold.increment();
  }

  Breaker breaker() {
    return exchange.breaker;
  }

  /** {@return the number of calls that wait for Redis, including those past their deadline} */
  int inFlight() {
    return exchange.inFlight();
  }
}
