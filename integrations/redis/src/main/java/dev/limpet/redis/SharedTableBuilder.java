package dev.limpet.redis;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.KeyHasher;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.time.InstantSource;

/** Settings of a {@link SharedTable}. Not for use by several threads at once. */
public final class SharedTableBuilder {
  private static final Duration MAX_DEADLINE = Duration.ofSeconds(10);
  private static final int MAX_MAX_IN_FLIGHT = 1_000_000;

  private final RedisLink link;
  private final String pool;
  private final KeyHasher hasher;
  private long capacity = KeyAffinity.DEFAULT_CAPACITY;
  private Duration deadline = RedisStore.DEFAULT_DEADLINE;
  private int maxInFlight = RedisStore.DEFAULT_MAX_IN_FLIGHT;
  private NanoClock clock = NanoClock.system();
  private InstantSource wall = InstantSource.system();

  SharedTableBuilder(RedisLink link, String pool, KeyHasher hasher) {
    this.link = requireNonNull(link, "link");
    this.pool = requireNonNull(pool, "pool");
    this.hasher = requireNonNull(hasher, "hasher");
  }

  /**
   * Sets how many sessions this process keeps at hand; it takes 16 bytes for each when it is made, and some 130 more
   * for a session while it is known that was moved or has a maximum duration. For others it asks the store each time.
   * Default {@link KeyAffinity#DEFAULT_CAPACITY}.
   *
   * @param capacity 1..{@link CompactStickyTable#MAX_CAPACITY}
   * @return this builder
   * @throws IllegalArgumentException if it is out of range
   */
  public SharedTableBuilder capacity(long capacity) {
    check("capacity", capacity, CompactStickyTable.MAX_CAPACITY);
    this.capacity = capacity;
    return this;
  }

  /**
   * Sets how long a question to the store is waited for at most. Default 20 ms. A request seldom asks twice: where the
   * backend that the store names cannot serve, or the session was moved meanwhile.
   *
   * @param deadline more than zero, at most 10 s
   * @return this builder
   * @throws IllegalArgumentException if it is out of range
   */
  public SharedTableBuilder deadline(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(MAX_DEADLINE) > 0) {
      throw new IllegalArgumentException(
          "deadline: " + deadline + " (expected: > PT0S, <= " + MAX_DEADLINE + ")");
    }
    this.deadline = deadline;
    return this;
  }

  /**
   * Sets how many calls may wait for the store at a time; others go without it. Default 4,096.
   *
   * @param calls 1..1,000,000
   * @return this builder
   * @throws IllegalArgumentException if it is out of range
   */
  public SharedTableBuilder maxInFlight(int calls) {
    check("maxInFlight", calls, MAX_MAX_IN_FLIGHT);
    this.maxInFlight = calls;
    return this;
  }

  /**
   * Sets the time that bindings at hand live by, and that calls and pauses after faults end by. Default: the system's.
   *
   * @param clock the time, which must go on
   * @return this builder
   */
  public SharedTableBuilder clock(NanoClock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets the wall clock, which tells when a session of a maximum duration ends. Default: the system's.
   *
   * @param clock the time
   * @return this builder
   */
  public SharedTableBuilder wallClock(InstantSource clock) {
    this.wall = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * {@return the table}
   *
   * @param session how the pool's sessions stick: the same at all proxies
   * @throws IllegalArgumentException if the pool's name cannot be part of a key, or a duration is not in 1 ns..365
   *     days
   */
  public SharedTable build(StickySession session) {
    StoreCounts counts = new StoreCounts();
    RedisStore store =
        new RedisStore(link, pool, session, hasher, deadline, maxInFlight, clock, counts);
    return new SharedTable(store, counts, session, capacity, clock, wall);
  }

  private static void check(String setting, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(setting + ": " + value + " (expected: 1.." + most + ")");
    }
  }
}
