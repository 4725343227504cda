package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who listens to uses hears of those that the table records. */
class CompactStickyTableUsesTest {
  private static final long KEY = 7;
  private static final Duration T = Duration.ofSeconds(64);

  private final ManualClock clock = new ManualClock(0);
  private final List<Long> uses = new ArrayList<>();
  private final CompactStickyTable table = CompactStickyTable.of(
      StickySession.custom().withDuration(T), 100, clock, key -> uses.add(key));

  @Test
  void aLookupIsHeardOf_onceOrTwiceInA64thOfTheDuration() {
    table.bind(KEY, null, "a", false);
    for (int tenths = 0; tenths < 640; tenths++) {
      assertThat(table.lookup(KEY)).isEqualTo("a");
      clock.advance(Duration.ofMillis(100));
    }

    assertThat(uses).hasSizeBetween(31, 128).containsOnly(KEY);
  }

  @Test
  void aLookupIsHeardOf_whereTheTableHasToBeSweptFirst() {
    table.bind(KEY, null, "a", false);
    clock.advance(T);
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(T);

    assertThat(table.lookup(KEY)).isEqualTo("a");

    assertThat(uses).containsExactly(KEY, KEY);
  }

  @Test
  void otherThanLookupsOfABinding_nothingIsHeardOf() {
    table.bind(KEY, null, "a", false);
    clock.advance(T.dividedBy(2));
    table.peek(KEY);
    table.bind(KEY, null, "b", false);
    table.bind(KEY, "a", "b", true);
    table.lookup(KEY + 1);
    table.unbind(KEY, "b");
    table.lookup(KEY);

    assertThat(uses).isEmpty();
  }
}
