package dev.limpet.redis;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The bindings of one pool in Redis or Valkey. All proxies of a pool use the same pool name,
 * session settings and secret. A session's {@code maxDuration} depends on two clocks: the wall
 * clock of the proxy that binds the session determines its end, and the clock of Redis then ends
 * it. Safe for use by many threads at once; never blocks.
 *
 * <pre>{@code
 * RedisStore store = RedisStore.builder(link, "db").build();
 * SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
 *     .environment(Environment.of(secret)) // the same at all proxies
 *     .table(SharedTable.builder(store)::build)
 *     .build();
 * }</pre>
 */
public final class RedisStore implements BindingStore {
  final RedisLink link;
  final String pool;
  final PoolNames names;
  final Duration deadline;
  final int maxInFlight;
  final StoreCounts counts = new StoreCounts();
  private final Set<Breaker> breakers = Collections.synchronizedSet(
      Collections.newSetFromMap(new WeakHashMap<>())); // those of tables that are in use

  private RedisStore(Builder builder) {
    this.link = builder.link;
    this.pool = builder.pool;
    this.names = builder.names;
    this.deadline = builder.deadline;
    this.maxInFlight = builder.maxInFlight;
  }

  /**
   * {@return a builder}
   *
   * @param link connects this process to Redis
   * @param pool the pool's name, 1..128 printable ASCII characters without braces; the same at all
   *     proxies
   * @throws FaultException if the pool's name cannot be part of a key
   */
  public static Builder builder(RedisLink link, String pool) {
    return new Builder(requireNonNull(link, "link"), requireNonNull(pool, "pool"));
  }

  @Override
  public Bindings open(Retention retention, Environment environment, Listener listener) {
    RedisBindings bindings = new RedisBindings(this, retention, environment);
    breakers.add(bindings.breaker());
    link.subscribe(names.channel(), new ChangeMessages(listener, counts));
    return bindings;
  }

  /** {@return the pool's name} */
  public String pool() {
    return pool;
  }

  /** {@return true if there is a connection to Redis now} */
  public boolean isConnected() {
    return link.isConnected();
  }

  /**
   * {@return true if a table makes no calls at present, because recent ones had no answer} One call
   * at a time then tests whether Redis answers again.
   */
  public boolean isBreakerOpen() {
    synchronized (breakers) {
      return breakers.stream().anyMatch(Breaker::isOpen);
    }
  }

  /** {@return the numbers of calls so far, and their results} */
  public StoreStats stats() {
    return counts.stats();
  }

  /** {@return the pool's name} */
  @Override
  public String toString() {
    return "RedisStore[" + pool + "]";
  }

  /** Settings of a {@link RedisStore}. Not for use by several threads at once. */
  public static final class Builder {
    private static final Duration DEFAULT_DEADLINE = Duration.ofMillis(20);
    private static final Duration MAX_DEADLINE = Duration.ofSeconds(10);
    private static final int DEFAULT_MAX_IN_FLIGHT = 4096;
    private static final int MAX_MAX_IN_FLIGHT = 1_000_000;

    private final RedisLink link;
    private final String pool;
    private final PoolNames names;
    private Duration deadline = DEFAULT_DEADLINE;
    private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;

    private Builder(RedisLink link, String pool) {
      this.link = link;
      this.pool = pool;
      this.names = new PoolNames(pool);
    }

    /**
     * Sets how long a call waits for Redis. Default 20 ms. A request rarely makes two calls: only
     * if the backend that the store names cannot serve, or if the session was moved in the
     * meantime.
     *
     * @param deadline more than zero, at most 10 s
     * @return this builder
     * @throws FaultException if the deadline is out of range
     */
    public Builder deadline(Duration deadline) {
      if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(MAX_DEADLINE) > 0) {
        throw new FaultException(Fault.of("deadline", deadline, "> PT0S, <= " + MAX_DEADLINE));
      }
      this.deadline = deadline;
      return this;
    }

    /**
     * Sets how many calls of a table may wait for Redis at a time; further requests are served
     * without the store. Default 4,096.
     *
     * @param calls 1..1,000,000
     * @return this builder
     * @throws FaultException if the number is out of range
     */
    public Builder maxInFlight(int calls) {
      if (calls < 1 || calls > MAX_MAX_IN_FLIGHT) {
        throw new FaultException(Fault.of("maxInFlight", calls, "1.." + MAX_MAX_IN_FLIGHT));
      }
      this.maxInFlight = calls;
      return this;
    }

    /** {@return the store} */
    public RedisStore build() {
      return new RedisStore(this);
    }
  }
}
