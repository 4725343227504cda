package dev.limpet.examples.gateway.admin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When backends joined their pools, as far as pages looked before and after it. Safe for use by
 * many threads at once.
 */
final class Joins {
  private static final Duration GAP = Duration.ofMinutes(1);
  private static final Duration RECENT = Duration.ofHours(1);

  private final LongSupplier nanos;
  private final Map<String, Seen> pools = new HashMap<>();

  /** Makes a memory by a clock in nanoseconds. */
  Joins(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * A look at a pool.
   *
   * @param since when its backends joined, by their names; null if that is unknown
   */
  private record Seen(long at, Map<String, @Nullable Long> since) {
    /** Returns when a backend of the next look joined; null if that is unknown. */
    @Nullable
    Long since(String name, long now) {
      if (since.containsKey(name)) {
        return since.get(name);
      }
      return (now - at < GAP.toNanos()) ? Long.valueOf(now) : null;
    }
  }

  /**
   * Looks at a pool.
   *
   * @param names the names of its present backends
   * @return how long ago backends joined, by their names; only those of the last hour
   */
  synchronized Map<String, Duration> look(String pool, Set<String> names) {
    long now = nanos.getAsLong();
    Seen before = pools.get(pool);
    Map<String, @Nullable Long> since = new HashMap<>();
    for (String name : names) {
      since.put(name, (before == null) ? null : before.since(name, now));
    }
    pools.put(pool, new Seen(now, since));
    return recent(since, now);
  }

  private static Map<String, Duration> recent(Map<String, @Nullable Long> since, long now) {
    Map<String, Duration> recent = new HashMap<>();
    since.forEach((name, joined) -> {
      if (joined != null && now - joined < RECENT.toNanos()) {
        recent.put(name, Duration.ofNanos(now - joined));
      }
    });
    return recent;
  }
}
