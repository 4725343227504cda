package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound.Status;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a compact table finds places, and where it does not. */
class CompactStickyTableRoomTest {
  private static final Duration T = Duration.ofMinutes(20);
  private static final int REGION = 4096;

  private final ManualClock clock = new ManualClock(0);
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Long> live = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 8, 9, 15, 16})
  void smallTable_takesExactlyItsCapacity(long capacity) {
    for (int round = 0; round < 1_000; round++) {
      live.clear();
      CompactStickyTable table = table(capacity);
      for (int attempt = 0; attempt < 2 * capacity; attempt++) {
        bindNew(table);
      }
      assertThat(live).hasSize((int) capacity);
      assertThat(table.size()).isEqualTo(capacity);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {17, 24, 25, 33, 100, 513, 4095, 4096, 4097, 4104, 8191, 8193, 12_289})
  void table_neverTakesMoreThanItsCapacityAndLosesNone(long capacity) {
    CompactStickyTable table = table(capacity);
    for (int attempt = 0; attempt < 20 * capacity + 1_000; attempt++) {
      bindNew(table);
    }
    assertThat((long) live.size()).isLessThanOrEqualTo(capacity).isGreaterThan(capacity * 9 / 10);
    assertThat(table.size()).isEqualTo(live.size());
    assertAllBound(table);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {9, 17, 25, 41, 4096, 4097, 4104, 8193, 12_290})
  void everyNewSession_findsAPlaceWhileHalfAreEmpty(long capacity) {
    CompactStickyTable table = table(capacity);
    for (int session = 0; session < 100_000; session++) {
      assertThat(bindNew(table)).isTrue();
      if (live.size() > capacity / 2) {
        unbindOne(table);
      }
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {4097, 10_000, 50_000})
  void newSessions_seldomOverflowInChurn(long capacity) {
    assertThat(overflowsPerMillion(capacity, 0.75)).isLessThanOrEqualTo(10);
    assertThat(overflowsPerMillion(capacity, 0.90)).isBetween(1L, 1_000L);
    assertThat(overflowsPerMillion(capacity, 0.95)).isBetween(1_000L, 20_000L);
  }

  @Test
  void relocation_keepsEveryBinding() {
    CompactStickyTable table = table(3 * REGION);
    for (int session = 0; session < 50_000; session++) {
      bindNew(table);
      if (live.size() > 0.95 * 3 * REGION) {
        unbindOne(table);
      }
      if (session % 10_000 == 0) {
        assertAllBound(table);
      }
    }
    assertAllBound(table);
    live.forEach(key -> assertThat(table.unbind(key, name(key))).isTrue());
    assertThat(table.size()).isZero();
  }

  @Test
  void sequentialKeys_findPlacesAsAnyDo() {
    CompactStickyTable table = table(100_000);
    long stored = LongStream.rangeClosed(1, 90_000)
        .filter(key -> table.bind(key, null, "a", true).status() == Status.STORED)
        .count();
    assertThat(stored).isGreaterThan(89_900);
  }

  @Test
  void overflow_isRememberedOnlyWhereItHappened() {
    CompactStickyTable table = table(4 * REGION);
    while (bindNew(table)) {
      assertThat(table.wantsHash(live.get(live.size() - 1))).isFalse();
    }
    long wanting = LongStream.range(0, 10_000).filter(table::wantsHash).count();
    assertThat(wanting).isBetween(2_300L, 2_700L);
  }

  @Test
  void bigTable_isSweptWhereItIsUsed() {
    CompactStickyTable table = table(8_000_000);
    for (int session = 0; session < 400_000; session++) {
      bindNew(table);
    }
    clock.advance(T.multipliedBy(10));
    assertThat(table.size()).isEqualTo(400_000);

    assertThat(table.lookup(live.get(0))).isNull();
    long swept = 400_000 - table.size();
    assertThat(swept).isBetween(1L, (long) REGION);
    assertThat(table.lookup(live.get(0))).isNull();
    assertThat(400_000 - table.size()).isEqualTo(swept);
  }

  private long overflowsPerMillion(long capacity, double load) {
    CompactStickyTable table = table(capacity);
    live.clear();
    while (live.size() < load * capacity) {
      bindNew(table);
    }
    int overflows = 0;
    for (int session = 0; session < 300_000; session++) {
      unbindOne(table);
      while (!bindNew(table)) {
        overflows++;
      }
    }
    return overflows * 10L / 3;
  }

  private boolean bindNew(CompactStickyTable table) {
    long key = random.nextLong();
    boolean stored = table.bind(key, null, name(key), true).status() == Status.STORED;
    if (stored) {
      live.add(key);
    }
    return stored;
  }

  private void unbindOne(CompactStickyTable table) {
    int index = random.nextInt(live.size());
    long key = live.set(index, live.get(live.size() - 1));
    live.remove(live.size() - 1);
    assertThat(table.unbind(key, name(key))).isTrue();
  }

  private void assertAllBound(CompactStickyTable table) {
    assertThat(live.stream().filter(key -> !name(key).equals(table.lookup(key))))
        .isEmpty();
  }

  private static String name(long key) {
    return "backend" + (key & 0xFF);
  }

  private CompactStickyTable table(long capacity) {
    return CompactStickyTable.of(StickySession.custom().withDuration(T), capacity, clock);
  }

  @Test
  void sessionsThatElapsed_areNoReasonToTurnNewOnesAway() {
    CompactStickyTable table = table(REGION);
    int full = 0;
    for (int tick = 0; tick < 6 * 64; tick++) {
      for (int i = 0; i < 55; i++) { // 66 ticks of them are 9 in 10 of the places
        boolean refused = table.bind(random.nextLong(), null, "a", true).status() == Status.FULL;
        full += refused ? 1 : 0;
      }
      clock.advance(T.dividedBy(64));
    }
    assertThat(full).isLessThan(6 * 64 * 55 / 200);
  }
}
