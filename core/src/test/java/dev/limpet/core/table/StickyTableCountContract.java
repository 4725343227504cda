package dev.limpet.core.table;

import static dev.limpet.core.table.StickyTableTimeContract.late;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link StickyTable#bindings}, for tables that count; see {@link
 * StickyTableContract}.
 */
abstract class StickyTableCountContract extends StickyTableRaceContract {
  private static final Duration T = Duration.ofMinutes(20);

  private final ManualClock clock = new ManualClock(0);

  @Test
  void bindings_areCountedByTheirName() {
    StickyTable table = full(3);
    assertBindings(table, "own", 3);
    assertBindings(table, "own".substring(1), 0);
    table.bind(1, "own", "other", false);
    table.unbind(2, "own");
    assertBindings(table, "own", 1);
    assertBindings(table, "other", 1);
  }

  @Test
  void bindings_thatWereNotMade_areNotCounted() {
    StickyTable table = full(3);
    table.bind(1, null, "a", false);
    table.bind(1, "gone", "a", true);
    table.bind(9, "gone", "a", true);
    table.bind(9, null, "a", true);
    assertBindings(table, "a", 0);
    assertBindings(table, "own", 3);
  }

  @Test
  void bindings_areCountedForAllNamesAtOnce() {
    StickyTable table = full(5);
    table.bind(1, "own", "a", false);
    table.bind(2, "own", "b", false);
    table.bind(3, "own", "b", false);
    assertBindings(table, Map.of("own", 2L, "a", 1L, "b", 2L));
    table.unbind(1, "a");
    assertBindings(table, Map.of("own", 2L, "b", 2L));
    clock.advance(T.plus(late(T)));
    assertBindings(table, Map.of());
  }

  @Test
  void bindings_areCountedUntilTheLastExpires() {
    StickyTable table = full(3);
    clock.advance(T.minusNanos(1));
    assertBindings(table, "own", 3);
    table.lookup(2);
    clock.advance(late(T).plusNanos(1));
    assertBindings(table, "own", 1);
    clock.advance(T);
    assertBindings(table, "own", 0);
  }

  @Test
  void bindings_areNotUsedByCountingThem() {
    StickyTable table = full(3);
    for (int step = 0; step < 200; step++) {
      clock.advance(T.plus(late(T)).dividedBy(200).plusNanos(1));
      table.bindings("own");
    }
    assertThat(table.peek(1)).isNull();
    assertBindings(table, "own", 0);
  }

  /** Accepts a table that does not count. */
  private static void assertBindings(StickyTable table, String name, long count) {
    assertThat(table.bindings(name).orElse(count)).isEqualTo(count);
  }

  private static void assertBindings(StickyTable table, Map<String, Long> counts) {
    assertThat(requireNonNullElse(table.bindings(), counts)).isEqualTo(counts);
  }

  private StickyTable full(int capacity) {
    StickyTable table = newTable(StickyTableTimeContract.sliding(T), capacity, clock);
    for (long key = 1; key <= capacity; key++) {
      assertThat(table.bind(key, null, "own", false)).isEqualTo(Bound.stored("own"));
    }
    return table;
  }
}
