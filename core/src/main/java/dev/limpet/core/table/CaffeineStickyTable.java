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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A sticky table on Caffeine: exact, and about 130 bytes of heap a binding. Safe for use by many
 * threads at once; starts no thread.
 *
 * <p>An absolute binding expires at its duration exactly; where the clock steps back then, by up to
 * 1/1024 of it later. A sliding one never expires before its duration has passed since its last
 * use, and at most 1/60 of the duration, or a second and 1/1024 of it if that is more, later; with
 * a maximum duration, at most a second more than that. The place of an expired binding can be taken
 * at most two seconds later. A thread that is stopped in the midst of a lookup for longer than this
 * tolerance may leave its use unrecorded.
 */
public final class CaffeineStickyTable implements StickyTable {
  /*
   * Caffeine expires, and nothing else: its maximumSize prefers popular keys and would evict live
   * bindings, which a sticky table has promised. Places are counted here instead. A permit is taken
   * where a binding is made, within Caffeine's atomic compute, and given back by the removal
   * listener, which hears of every binding that ends, once. Where there is none left, Caffeine is
   * asked to clean up first; as its timer wheel moves once in 2^30 ns, that is in vain more often
   * than that.
   *
   * Of two racing uses the older may be recorded last. It is then older by the pause of a thread,
   * which the tolerance covers unless the thread slept for longer.
   */

  private static final int TICKS_PER_DURATION = 1024;
  private static final int WHEEL_TICK_BITS = 30;

  private final Cache<Long, Binding> bindings;
  private final ElapsedTime time;
  private final Overflow overflow;
  private final long capacity;
  private final AtomicLong taken = new AtomicLong();
  private volatile long sweptTick = -1; // a lost update costs one sweep too many

  private CaffeineStickyTable(StickySession session, long capacity, NanoClock clock) {
    long tick = session.duration().toNanos() / TICKS_PER_DURATION;
    Lifetime lifetime = Lifetime.of(session, tick, clock.resolution().toNanos());
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
   * {@return a table}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity how many bindings it holds at most, 1 or more
   * @throws IllegalArgumentException if the capacity is not positive, or a duration is not positive
   *     or longer than 365 days
   */
  public static CaffeineStickyTable of(StickySession session, long capacity) {
    return of(session, capacity, NanoClock.system());
  }

  /**
   * {@return a table with a clock of its own}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity how many bindings it holds at most, 1 or more
   * @param clock the time; where it steps back, time stands still until it has caught up
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
    Attempt attempt = new Attempt(expected, requireNonNull(candidate, "candidate"), byHash);
    bindings.asMap().compute(key, attempt);
    if (attempt.isFull() && hasPlace()) {
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

  /** Looks at all bindings; some 50 milliseconds for a million. */
  @Override
  public OptionalLong bindings(String name) {
    requireNonNull(name, "name");
    return OptionalLong.of(bindings.asMap().values().stream()
        .filter(binding -> binding.name().equals(name))
        .count());
  }

  /**
   * {@return how many places are taken: by live bindings, and by expired ones until the table is
   * used again}
   */
  public long size() {
    return taken.get();
  }

  @Override
  public long capacity() {
    return capacity;
  }

  private boolean takePlace() {
    return taken.getAndUpdate(n -> Math.min(n + 1, capacity)) < capacity;
  }

  /**
   * {@return whether there is a place, after freeing those of what has expired where there was
   * none}
   */
  private boolean hasPlace() {
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
   * A session's backend. Two bindings are never equal: one that was replaced does not come back.
   */
  static final class Binding {
    private final String name;
    private final long boundAt;

    /**
     * Makes a binding.
     *
     * @param boundAt when the session was bound first, in nanoseconds of the table's time
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

  /** One call of {@link #bind}; run by Caffeine while nothing else can change the key. */
  private final class Attempt implements BiFunction<Long, @Nullable Binding, @Nullable Binding> {
    private final @Nullable String expected;
    private final String candidate;
    private final boolean byHash;
    private Bound result = Bound.FULL;

    Attempt(@Nullable String expected, String candidate, boolean byHash) {
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
      if (!takePlace()) {
        result = Bound.FULL;
        return null;
      }
      result = Bound.stored(candidate);
      return new Binding(candidate, now);
    }
  }
}
