package dev.limpet.core.table;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.internal.Durations;
import dev.limpet.core.internal.ElapsedTime;
import dev.limpet.core.internal.Overflow;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A sticky table on Caffeine. It stores whole keys, and takes about 130 bytes of heap per binding.
 * Thread-safe; starts no thread.
 *
 * <p>No binding expires early. It expires late by at most:
 *
 * <ul>
 * <li>absolute: zero; 1/1024 of the duration if the clock steps back
 * <li>sliding: 1/60 of the duration, or 1 s plus 1/1024 of the duration if that is more
 * <li>sliding with a maximum duration: one second more than without
 * </ul>
 *
 * <p>The slot of an expired binding can be taken at most two seconds after the binding expired. If
 * a thread is suspended in the middle of a lookup for longer than the times above, its use may not
 * be recorded.
 */
public final class CaffeineStickyTable implements StickyTable {
  /*
   * Caffeine is used for expiration only. Its maximumSize prefers popular keys and would evict live
   * bindings, which a sticky table must never do. So slots are counted here. A permit is taken when
   * a binding is made, within Caffeine's atomic compute. The removal listener returns it; the
   * listener is called once for each binding that ends. If no permit is left, Caffeine is first
   * asked to clean up. Its timer wheel advances once in 2^30 ns, so more frequent attempts would be
   * in vain.
   *
   * Of two racing uses, the older may be recorded last. The recorded time is then too early by the
   * pause of a thread, which the tolerance covers unless the thread was suspended for longer.
   */

  private static final int TICKS_PER_DURATION = 1024;
  private static final int WHEEL_TICK_BITS = 30;

  private final Cache<Long, Binding> bindings;
  private final Lifetime lifetime;
  private final ElapsedTime time;
  private final Overflow overflow;
  private final long capacity;
  private final AtomicLong taken = new AtomicLong();
  private volatile long sweptTick = -1; // a lost update costs one extra sweep

  private CaffeineStickyTable(StickySession session, long capacity, NanoClock clock) {
    long tick = session.duration().toNanos() / TICKS_PER_DURATION;
    this.lifetime = Lifetime.of(session, tick, clock.resolution().toNanos());
    this.capacity = capacity;
    this.time = new ElapsedTime(clock::nanos, tick);
    this.overflow = new Overflow(lifetime.memory());
    this.bindings = Caffeine.newBuilder()
        .expireAfter(lifetime)
        .ticker(time::nanos)
        .executor(Runnable::run)
        .removalListener(this::removed)
        .build();
  }

  /**
   * {@return a new table that uses the system clock}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity the maximum number of bindings, 1 or more
   * @throws IllegalArgumentException if the capacity is not positive, or a duration is not positive
   *     or longer than 365 days
   */
  public static CaffeineStickyTable of(StickySession session, long capacity) {
    return of(session, capacity, NanoClock.system());
  }

  /**
   * {@return a new table with its own clock}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity the maximum number of bindings, 1 or more
   * @param clock the clock; if it steps back, the table's time stands still until the clock has
   *     caught up
   * @throws IllegalArgumentException if the capacity is not positive, or a duration is not positive
   *     or longer than 365 days
   */
  public static CaffeineStickyTable of(StickySession session, long capacity, NanoClock clock) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 or more)");
    }
    Durations.check(session.duration(), session.maxDuration());
    return new CaffeineStickyTable(session, capacity, requireNonNull(clock, "clock"));
  }

  @Override
  public @Nullable String lookup(long key) {
    Binding binding = bindings.getIfPresent(key);
    return (binding == null) ? null : binding.name();
  }

  @Override
  public @Nullable String peek(long key) {
    Binding binding = bindings.policy().getIfPresentQuietly(key);
    return (binding == null) ? null : binding.name();
  }

  @Override
  public boolean wantsHash(long key) {
    return overflow.remembered(time.nanos());
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return bind(key, new Attempt(expected, requireNonNull(candidate, "candidate"), byHash, 0));
  }

  @Override
  public Bound renew(long key, String name, @Nullable Duration age) {
    String bound = lookup(key);
    if (bound != null) {
      return Bound.held(bound);
    }
    long known = (age == null) ? 0 : age.toNanos();
    return (!lifetime.isSliding() || lifetime.isOver(known))
        ? Bound.ABSENT
        : bind(key, new Attempt(null, requireNonNull(name, "name"), true, known));
  }

  /** {@return how old the session is; null if sessions do not end by their age} */
  @Override
  public @Nullable Duration age(long key) {
    Binding binding = lifetime.ages() ? bindings.policy().getIfPresentQuietly(key) : null;
    return (binding == null)
        ? null
        : Duration.ofNanos(Math.max(0, time.nanos() - binding.boundAt()));
  }

  private Bound bind(long key, Attempt attempt) {
    bindings.asMap().compute(key, attempt);
    if (attempt.isFull() && hasSlot()) {
      bindings.asMap().compute(key, attempt);
    }
    if (attempt.isFull()) {
      overflow.record(time.nanos());
    }
    return attempt.result();
  }

  @Override
  public boolean unbind(long key, String expected) {
    Binding binding = bindings.policy().getIfPresentQuietly(key);
    while (binding != null && binding.name().equals(expected)) {
      if (bindings.asMap().remove(key, binding)) {
        return true;
      }
      binding = bindings.policy().getIfPresentQuietly(key);
    }
    return false;
  }

  /** Scans all bindings, which takes about 50 ms per million. */
  @Override
  public OptionalLong bindings(String name) {
    requireNonNull(name, "name");
    return OptionalLong.of(bindings.asMap().values().stream()
        .filter(binding -> binding.name().equals(name))
        .count());
  }

  /** {@inheritDoc} Scans all bindings, as {@link #bindings(String)} does. */
  @Override
  public Map<String, Long> bindings() {
    return bindings.asMap().values().stream()
        .collect(Collectors.groupingBy(Binding::name, Collectors.counting()));
  }

  /**
   * {@return the number of slots in use, including those of expired bindings until the table is
   * used again}
   */
  public long size() {
    return taken.get();
  }

  @Override
  public long capacity() {
    return capacity;
  }

  private boolean takeSlot() {
    return taken.getAndUpdate(n -> Math.min(n + 1, capacity)) < capacity;
  }

  /** Returns whether a slot is free. If none is, it first frees those of expired bindings. */
  private boolean hasSlot() {
    long tick = time.nanos() >>> WHEEL_TICK_BITS;
    if (taken.get() == capacity && tick != sweptTick) {
      bindings.cleanUp();
      if (taken.get() == capacity) {
        sweptTick = tick;
      }
    }
    return taken.get() < capacity;
  }

  private void removed(@Nullable Long key, @Nullable Binding binding, RemovalCause cause) {
    if (cause != RemovalCause.REPLACED) {
      taken.decrementAndGet();
    }
  }

  /**
   * A session's backend. Two bindings are never equal, so a replaced binding is never mistaken for
   * a later one.
   */
  static final class Binding {
    private final String name;
    private final long boundAt;

    /**
     * Makes a binding.
     *
     * @param boundAt when the session was first bound, in nanoseconds of the table's time
     */
    Binding(String name, long boundAt) {
      this.name = name;
      this.boundAt = boundAt;
    }

    String name() {
      return name;
    }

    long boundAt() {
      return boundAt;
    }
  }

  /** One call of {@link #bind}. Caffeine runs it while no other thread can change the key. */
  private final class Attempt implements BiFunction<Long, @Nullable Binding, @Nullable Binding> {
    private final @Nullable String expected;
    private final String candidate;
    private final boolean byHash;
    private final long age;
    private Bound result = Bound.FULL;

    Attempt(@Nullable String expected, String candidate, boolean byHash, long age) {
      this.age = age;
      this.expected = expected;
      this.candidate = candidate;
      this.byHash = byHash;
    }

    Bound result() {
      return result;
    }

    boolean isFull() {
      return result.status() == Bound.Status.FULL;
    }

    @Override
    public @Nullable Binding apply(Long key, @Nullable Binding current) {
      if (current != null) {
        return rebind(current);
      }
      if (expected != null) {
        result = Bound.ABSENT;
        return null;
      }
      return bindNew();
    }

    private Binding rebind(Binding current) {
      if (!current.name().equals(expected)) {
        result = Bound.held(current.name());
        return current;
      }
      result = Bound.stored(candidate);
      return new Binding(candidate, current.boundAt());
    }

    private @Nullable Binding bindNew() {
      long now = time.nanos();
      if (!byHash && overflow.remembered(now)) {
        result = Bound.HASH_WANTED;
        return null;
      }
      if (!takeSlot()) {
        result = Bound.FULL;
        return null;
      }
      result = Bound.stored(candidate);
      return new Binding(candidate, now - age);
    }
  }
}
