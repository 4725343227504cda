package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Bound;
import dev.limpet.core.Bound.Status;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaffeineStickyTableTest extends StickyTableContract {
  private static final Duration T = Duration.ofMinutes(20);
  private static final long KEY = 42;

  private final ManualClock clock = new ManualClock(0);

  @Override
  protected StickyTable newTable(StickySession session, long capacity, NanoClock now) {
    return CaffeineStickyTable.of(session, capacity, now);
  }

  @Test
  void bindings_areCountedByName() {
    CaffeineStickyTable table = bound(sliding(T));
    table.bind(KEY + 1, null, "b", false);
    assertThat(table.bindings()).isEqualTo(Map.of("a", 1L, "b", 1L));
    assertThat(table.bindings("a")).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.000000001S", "PT0.5S", "PT1S", "PT64S", "PT20M", "P7D", "P365D"})
  void absolute_isDeadAtItsDurationExactly(Duration duration) {
    CaffeineStickyTable table = bound(absolute(duration));
    clock.advance(duration.minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(1);
    assertThat(table.lookup(KEY)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.000000001S, PT1S",
    "PT1S, PT1S",
    "PT63.999999999S, PT1S",
    "PT64S, PT1S",
    "PT64.000000064S, PT1.000000001S",
    "PT128S, PT2S",
    "PT20M, PT18.75S",
    "P365D, PT492750S"
  })
  void sliding_isDeadATolerancePastItsDuration(Duration duration, Duration tolerance) {
    CaffeineStickyTable table = bound(sliding(duration));
    clock.advance(duration.plus(tolerance).toNanos() + tick(duration));
    assertThat(table.peek(KEY)).isEqualTo("a");
    clock.advance(1);
    assertThat(table.peek(KEY)).isNull();
    assertThat(table.lookup(KEY)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT63S", "PT64S", "PT65S", "PT20M"})
  void sliding_useAtTheEdgeOfTheTolerance_losesNothing(Duration duration) {
    for (long offset = -2; offset <= 2; offset++) {
      for (long edge : new long[] {tolerance(duration), Duration.ofSeconds(1).toNanos()}) {
        CaffeineStickyTable table = bound(sliding(duration));
        clock.advance(edge + offset);
        assertThat(table.lookup(KEY)).isEqualTo("a");
        clock.advance(duration.minusNanos(1));
        assertThat(table.peek(KEY)).isEqualTo("a");
        clock.advance(tolerance(duration) + tick(duration) + 2);
        assertThat(table.peek(KEY)).isNull();
      }
    }
  }

  @Test
  void sliding_useWithinTheTolerance_isNotRecorded() {
    CaffeineStickyTable table = bound(sliding(T));
    clock.advance(tolerance(T));
    table.lookup(KEY);
    clock.advance(T.toNanos() + tick(T));
    assertThat(table.peek(KEY)).isEqualTo("a");
    clock.advance(1);
    assertThat(table.peek(KEY)).isNull();
  }

  @Test
  void combined_lastUseBeforeTheMaximum_livesToItAndAtMostASecondLonger() {
    Duration max = Duration.ofMinutes(25);
    long full = T.toNanos() + tick(T) + tolerance(T) + 1;
    for (long left :
        new long[] {full - 1, full, full + 1, full + 999_999_999, full + 1_000_000_001L}) {
      CaffeineStickyTable table = bound(sliding(T).withMaxDuration(max));
      clock.advance(max.toNanos() - left);
      assertThat(table.lookup(KEY)).isEqualTo("a");
      clock.advance(T.minusNanos(1));
      assertThat(table.peek(KEY)).isEqualTo("a");
      clock.advance(tolerance(T) + tick(T) + Duration.ofSeconds(1).toNanos() + 2);
      assertThat(table.peek(KEY)).isNull();
    }
  }

  @Test
  void combined_isDeadAtItsMaximumExactly() {
    CaffeineStickyTable table = bound(sliding(T).withMaxDuration(T.multipliedBy(2)));
    clock.advance(T);
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(T.minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    clock.advance(1);
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void size_isZeroAfterEverythingExpiredAndCallsWereMade() {
    CaffeineStickyTable table = CaffeineStickyTable.of(sliding(T), 10_000, clock);
    LongStream.rangeClosed(1, 10_000).forEach(key -> table.bind(key, null, "a", false));
    assertThat(table.size()).isEqualTo(10_000);

    clock.advance(T.plus(late(T)));
    LongStream.rangeClosed(1, 10_000).forEach(table::lookup);

    assertThat(table.size()).isZero();
  }

  @Test
  void placeOfAnExpiredBinding_canBeTakenWithinTwoSeconds() {
    StickySession session = absolute(T);
    CaffeineStickyTable table = CaffeineStickyTable.of(session, 100, clock);
    LongStream.rangeClosed(1, 100).forEach(key -> {
      table.bind(key, null, "a", false);
      clock.advance(Duration.ofMillis(3_333));
    });
    clock.advance(T.minusMillis(100 * 3_333));
    for (long key = 101; key <= 200; key++) {
      clock.advance(Duration.ofSeconds(2));
      assertThat(table.bind(key, null, "a", true).status()).isEqualTo(Status.STORED);
      clock.advance(Duration.ofMillis(1_333));
    }
  }

  @Test
  void massExpiry_givesEveryPlaceBack() {
    CaffeineStickyTable table = CaffeineStickyTable.of(absolute(T), 50_000, clock);
    LongStream.rangeClosed(1, 50_000).forEach(key -> table.bind(key, null, "a", false));
    clock.advance(T.plusSeconds(2));
    for (long key = 50_001; key <= 100_000; key++) {
      assertThat(table.bind(key, null, "a", false).status()).isEqualTo(Status.STORED);
    }
    assertThat(table.size()).isEqualTo(50_000);
    assertThat(table.bind(1, null, "a", false)).isEqualTo(Bound.FULL);
  }

  @Test
  void size_isThatOfTheLiveBindings_afterConcurrentChurn() throws Exception {
    long capacity = 500;
    long keys = 2_000;
    CaffeineStickyTable table =
        CaffeineStickyTable.of(sliding(Duration.ofSeconds(5)), capacity, clock);
    inParallel(8, thread -> {
      for (int i = 0; i < 100_000; i++) {
        long key = ThreadLocalRandom.current().nextLong(1, keys + 1);
        switch (ThreadLocalRandom.current().nextInt(8)) {
          case 0, 1, 2 -> table.bind(key, null, "a", true);
          case 3 -> table.bind(key, "a", "b", true);
          case 4 -> table.bind(key, "b", "a", true);
          case 5 -> table.unbind(key, "a");
          case 6 -> clock.advance(Duration.ofMillis(1));
          default -> table.lookup(key);
        }
      }
    });

    clock.advance(Duration.ofSeconds(3));
    for (long key = 1; key <= keys; key++) {
      table.lookup(key);
    }
    long live =
        LongStream.rangeClosed(1, keys).filter(key -> table.peek(key) != null).count();
    long stored = LongStream.rangeClosed(keys + 1, keys + capacity)
        .filter(key -> table.bind(key, null, "a", true).status() == Status.STORED)
        .count();
    assertThat(stored).isEqualTo(capacity - live);
    assertThat(table.size()).isEqualTo(capacity);

    clock.advance(Duration.ofSeconds(10));
    LongStream.rangeClosed(1, keys + capacity).forEach(table::lookup);
    assertThat(table.size()).isZero();
  }

  @Test
  void size_neverExceedsTheCapacity() throws Exception {
    CaffeineStickyTable table = CaffeineStickyTable.of(sliding(T), 4, clock);
    inParallel(4, thread -> {
      for (int i = 0; i < 100_000; i++) {
        table.bind(1L + (thread * 100_000L) + i, null, "a", true);
        assertThat(table.size()).isLessThanOrEqualTo(4);
      }
    });
  }

  @Test
  void refusedCandidate_takesNoPlace() {
    CaffeineStickyTable table = CaffeineStickyTable.of(sliding(T), 1, clock);
    assertThatThrownBy(() -> table.bind(KEY, null, null, false))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("candidate");
    assertThat(table.size()).isZero();
    assertThat(table.bind(KEY, null, "a", false).status()).isEqualTo(Status.STORED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT-0.000000001S", "P365DT0.000000001S", "P100000D"})
  void durationsThatCannotBeKept_areRefused(Duration duration) {
    assertThatThrownBy(() -> CaffeineStickyTable.of(sliding(duration), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration: " + duration + " (expected: > PT0S, <= PT8760H)");
    assertThatThrownBy(() -> CaffeineStickyTable.of(sliding(T).withMaxDuration(duration), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxDuration: " + duration + " (expected: > PT0S, <= PT8760H)");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void capacityBelowOne_isRefused(long capacity) {
    assertThatThrownBy(() -> CaffeineStickyTable.of(sliding(T), capacity))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity: " + capacity + " (expected: 1 or more)");
  }

  @Test
  void capacity_isThatOfTheTable() {
    assertThat(CaffeineStickyTable.of(sliding(T), 7).capacity()).isEqualTo(7);
  }

  private CaffeineStickyTable bound(StickySession session) {
    CaffeineStickyTable table = CaffeineStickyTable.of(session, 10, clock);
    assertThat(table.bind(KEY, null, "a", false).status()).isEqualTo(Status.STORED);
    return table;
  }

  private static long tolerance(Duration duration) {
    return Math.max(duration.toNanos() / 64, Duration.ofSeconds(1).toNanos());
  }

  private static long tick(Duration duration) {
    return duration.toNanos() / 1024;
  }

  private static void inParallel(int threads, Body body) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        running.add(executor.submit(() -> body.run(thread)));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private interface Body {
    void run(int thread);
  }
}
