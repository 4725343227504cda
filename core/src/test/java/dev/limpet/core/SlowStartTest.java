package dev.limpet.core;

import static dev.limpet.core.Picker.Purpose.NEW_SESSION;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that come to their whole weight over a while. */
class SlowStartTest {
  private final AtomicLong time = new AtomicLong();

  private Pool pool(Duration slowStart, Backend... backends) {
    return Pool.builder("pool")
        .backends(List.of(backends))
        .slowStart(slowStart)
        .environment(Environment.local().withClock(time::get))
        .build();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "9.999, 1", "10, 2", "49, 5", "89.99, 9", "90, 10", "1000, 10"})
  void aBackendThatCameUp_hasAsManyTenthsOfItsWeightAsTenthsOfTheSlowStartHaveBegun(
      double seconds, int tenths) {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"), backend("b"));
    pool.change(edit -> edit.down("b"));
    time.addAndGet(1_000_000_000_000L);
    pool.change(edit -> edit.up("b"));
    time.addAndGet((long) (seconds * 1e9));

    assertThat(shares(pool, (10 + tenths) * 7)).isEqualTo(Map.of("a", 70, "b", 7 * tenths));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -1})
  void aSlowStartMayBeginAtAnyTime(long start) {
    time.set(start);
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 1_000, "b", 100));
    time.addAndGet(100_000_000_000L);
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 550, "b", 550));
  }

  @Test
  void aClockThatStepsBack_slowsNobodyAgain() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    time.addAndGet(100_000_000_000L);
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 550, "b", 550));
    time.addAndGet(-50_000_000_000L);
    pool.change(edit -> edit.add(backend("c")));
    assertThat(shares(pool, 2_100)).isEqualTo(Map.of("a", 1_000, "b", 1_000, "c", 100));
  }

  @Test
  void aBackendThatLeavesAndComesInOneEdit_startsSlowlyAtOnce() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"), backend("b"));
    pool.change(edit -> edit.remove("b").add(backend("b")));
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 1_000, "b", 100));
  }

  @Test
  void weightsGrowWhileSessionsCome() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    List<Integer> ofB = new ArrayList<>();
    for (int step = 0; step < 12; step++) {
      ofB.add(shares(pool, 1_100).get("b"));
      time.addAndGet(10_000_000_000L);
    }
    assertThat(ofB).isSorted().startsWith(100).endsWith(550, 550, 550);
  }

  @Test
  void whoeverLookedLast_anyThreadGoesOn() throws InterruptedException {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    time.addAndGet(10_000_000_000L);
    Thread other = new Thread(() -> pool.snapshot().pick(KeyExtractor.NONE, NEW_SESSION));
    other.start();
    other.join();
    time.addAndGet(90_000_000_000L);
    assertThat(shares(pool, 1_100)).isEqualTo(Map.of("a", 550, "b", 550));
  }

  @Test
  void backendsThatThePoolBeginsWithAreWhole() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"), backend("b", 3));
    assertThat(shares(pool, 400)).isEqualTo(Map.of("a", 100, "b", 300));
  }

  @Test
  void aWeightThatCannotBeDividedGrowsInWholeNumbers() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a", 256));
    pool.change(edit -> edit.add(backend("b", 256)));
    assertThat(shares(pool, 256 + 26)).isEqualTo(Map.of("a", 256, "b", 26));
  }

  @Test
  void wherePicksWouldTakeTooLongToComeRound_weightsStayAsTheyAre() {
    Backend[] heavy =
        IntStream.range(0, 1_000).mapToObj(i -> backend("a" + i, 50)).toArray(Backend[]::new);
    Pool pool = pool(Duration.ofSeconds(100), heavy);
    pool.change(edit -> edit.add(backend("b")));
    assertThat(shares(pool, 1_000 * 50 + 1).get("b")).isEqualTo(1);
  }

  @Test
  void rendezvousChoicesUseTheConfiguredWeight() {
    Pool pool = pool(Duration.ofSeconds(100), backend("a"));
    pool.change(edit -> edit.add(backend("b")));
    Pool grown = pool(Duration.ZERO, backend("a"), backend("b"));
    for (long key = 1; key < 1_000; key++) {
      assertThat(pool.snapshot().choose(key, null).name())
          .isEqualTo(grown.snapshot().choose(key, null).name());
    }
  }

  @Test
  void aBalancerThatPicksByKeyIsNotSlowed() {
    Pool pool = Pool.builder("pool")
        .balancer(new WeightedRendezvous())
        .backends(List.of(backend("a")))
        .slowStart(Duration.ofHours(1))
        .environment(Environment.local().withClock(time::get))
        .build();
    pool.change(edit -> edit.add(backend("b")));
    for (long key = 1; key < 1_000; key++) {
      assertThat(pool.snapshot().pick(key, NEW_SESSION))
          .isEqualTo(pool.snapshot().choose(key, null));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT1H0.001S"})
  void aSlowStartOutOfRangeIsRefused(Duration duration) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder("pool").slowStart(duration))
        .withMessage("slowStart: " + duration + " (expected: PT0S..PT1H)");
  }
}
