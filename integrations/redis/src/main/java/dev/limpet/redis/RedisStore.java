package dev.limpet.redis;

import dev.limpet.core.KeyHasher;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The bindings of one pool in Redis or Valkey. */
final class RedisStore implements BindingStore {

  /** How long a call may take, unless the embedder says otherwise. */
  static final Duration DEFAULT_DEADLINE = Duration.ofMillis(20);

  /** How many calls may wait for Redis at a time, unless the embedder says otherwise. */
  static final int DEFAULT_MAX_IN_FLIGHT = 4096;

  private static final byte[] NOTHING = {};
  private static final byte[] ZERO = Ascii.bytes("0");

  private final RedisLink link;
  private final PoolNames names;
  private final BindingText text;
  private final KeptTime kept;
  private final Exchange exchange;
  private final StoreCounts counts;

  /**
   * Stores in Redis. All proxies of a pool give the same pool, session and secret. A session's {@code maxDuration} is kept by the
   * proxies' wall clocks, which say when it ends, and by the clock of Redis, which ends it.
   *
   * @param link the process's connection
   * @param pool the pool's name, 1..128 printable ASCII characters without braces
   * @param session how long bindings are kept
   * @param hasher the hasher of the sessions' keys
   * @param deadline how long a call may take
   * @param maxInFlight how many calls may wait for Redis at a time
   * @param clock for deadlines and the breaker
   * @param counts what counts
   * @throws IllegalArgumentException if the pool's name is not as expected
   */
  RedisStore(
      RedisLink link,
      String pool,
      StickySession session,
      KeyHasher hasher,
      Duration deadline,
      int maxInFlight,
      NanoClock clock,
      StoreCounts counts) {
    this.link = link;
    this.names = new PoolNames(pool);
    this.text = new BindingText(hasher, pool);
    this.kept = KeptTime.of(session);
    this.exchange = new Exchange(link, text, deadline, maxInFlight, clock, counts);
    this.counts = counts;
  }

  @Override
  public CompletionStage<Answer> bind(
      long key, @Nullable SharedBinding expected, @Nullable SharedBinding candidate, Duration age) {
    if (candidate != null && !BindingText.holds(candidate)) {
      return exchange.refuse(StoreFault.UNWRITABLE);
    }
    KeptTime left = kept.after(age);
    List<byte[]> rest = List.of(
        candidate == null ? NOTHING : text.write(key, candidate),
        expected == null ? NOTHING : Ascii.bytes(expected.name()),
        expected == null ? ZERO : Ascii.bytes(expected.version()),
        Ascii.bytes(left.millis()),
        Ascii.bytes(left.refreshBelow()));
    return ask(Script.BIND, key, rest, candidate);
  }

  @Override
  public CompletionStage<Answer> unbind(long key, SharedBinding expected) {
    long next = Math.min(expected.version() + 1L, Integer.MAX_VALUE);
    return ask(
        Script.UNBIND, key, List.of(Ascii.bytes(expected.version()), Ascii.bytes(next)), null);
  }

  private CompletionStage<Answer> ask(
      Script script, long key, List<byte[]> rest, @Nullable SharedBinding candidate) {
    return exchange.ask(
        new Question(script, key, names.redisKey(key), names.channel(), rest, candidate));
  }

  @Override
  public void later(Duration delay, Runnable task) {
    link.later(delay, task);
  }

  @Override
  public void listen(Listener listener) {
    link.subscribe(names.channel(), new Changes(listener, counts));
  }

  /** {@return how many calls wait for Redis, be their deadline over or not} */
  int inFlight() {
    return exchange.inFlight();
  }
}
