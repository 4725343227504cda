package dev.limpet.micrometer;

import dev.limpet.core.StickyTable;
import io.micrometer.core.instrument.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of live bindings in a table, by name. Counting scans the table, so the meters that
 * are read together share the numbers. Thread-safe.
 */
final class BindingCounts {
  private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private volatile @Nullable Counted last;

  BindingCounts(Clock clock) {
    this.clock = clock;
  }

  /** {@return the numbers, which are at most a second old; null if the table does not count} */
  @Nullable
  Map<String, Long> of(StickyTable table) {
    long now = clock.monotonicTime();
    Counted counted = last;
    if (counted == null || now - counted.at() >= MAX_AGE) {
      counted = new Counted(table.bindings(), now);
      last = counted;
    }
    return counted.bindings();
  }

  private record Counted(@Nullable Map<String, Long> bindings, long at) {}
}
