package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Picker.Purpose;
import dev.limpet.core.WeightedRoundRobin.Turns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedRoundRobinTest {
  private static final List<Backend> FIVE_ONE_ONE = backends(5, 1, 1);

  @Test
  void name_isThatOfConfigurations() {
    assertThat(new WeightedRoundRobin().name()).isEqualTo("weighted-round-robin");
    assertThat(WeightedRoundRobin.chargingHits().name()).isEqualTo("weighted-round-robin");
  }

  @Test
  void turns_areSpreadInTheCycle() {
    List<Backend> heavy = backends(3, 1, 1);
    assertThat(cycle(heavy)).startsWith(heavy.get(0)).endsWith(heavy.get(0));
    assertThat(cycle(heavy).get(2)).isEqualTo(heavy.get(0));
    assertThat(FairCycle.of(new int[] {7})).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, (1L << 31) - 15, (1L << 32) - 15, Long.MAX_VALUE - 15, -100, 123_456_789_012_345L
      })
  void asManyPicksAsTheCycleIsLong_areExactWhereverTheyBegin(long near) {
    List<Backend> cycle = cycle(FIVE_ONE_ONE);
    for (long start = near; start != near + 30; start++) {
      assertThat(picks(Turns.of(FIVE_ONE_ONE, start), cycle.size()))
          .isEqualTo(Map.of("b0", 5, "b1", 1, "b2", 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, 1L << 32, Long.MIN_VALUE})
  void picks_goOnInOrderWhereTheCounterOverflowsASignedType(long wrap) {
    List<Backend> eligible = backends(3, 7, 2);
    List<Backend> cycle = cycle(eligible);
    Turns turns = Turns.of(eligible, wrap - 50);
    int at = (int) Long.remainderUnsigned(wrap - 50, cycle.size());
    for (int i = 0; i < 100; i++) {
      assertThat(turns.pick(1)).isEqualTo(cycle.get(at));
      at = (at + 1) % cycle.size();
    }
  }

  @Test
  void picks_beginTheCycleAgainWhereTheCounterReturnsToZero() {
    List<Backend> cycle = cycle(FIVE_ONE_ONE);
    Turns turns = Turns.of(FIVE_ONE_ONE, -1);
    assertThat(turns.pick(1)).isEqualTo(cycle.get((int) Long.remainderUnsigned(-1, cycle.size())));
    for (Backend backend : cycle) {
      assertThat(turns.pick(1)).isEqualTo(backend);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void manyThreads_takeEveryTurnOnce(Purpose purpose) throws Exception {
    int picks = 999_999;
    Picker picker = new WeightedRoundRobin().picker(FIVE_ONE_ONE, List.of());
    AtomicInteger left = new AtomicInteger(picks);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    Map<String, Integer> all = new HashMap<>();
    try {
      List<Future<Map<String, Integer>>> running = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        running.add(threads.submit(() -> {
          Map<String, Integer> own = new HashMap<>();
          while (left.getAndDecrement() > 0) {
            own.merge(picker.pick(1, purpose).id(), 1, Integer::sum);
          }
          return own;
        }));
      }
      for (Future<Map<String, Integer>> thread : running) {
        thread.get().forEach((id, turns) -> all.merge(id, turns, Integer::sum));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(all).isEqualTo(Map.of("b0", 714_285, "b1", 142_857, "b2", 142_857));
  }

  @Test
  void keys_doNotMatter() {
    List<Backend> cycle = cycle(FIVE_ONE_ONE);
    Turns turns = Turns.of(FIVE_ONE_ONE, 0);
    for (int i = 0; i < cycle.size(); i++) {
      assertThat(turns.pick(i * 31L)).isEqualTo(cycle.get(i));
    }
  }

  @Test
  void pickers_startAtRandomPlaces() {
    Set<Backend> first = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      first.add(new WeightedRoundRobin().picker(backends(1, 1, 1, 1), List.of()).pick(1));
    }
    assertThat(first).hasSize(4);
  }

  /** The turns of a cycle from its beginning; none of the weights have a common divisor. */
  private static List<Backend> cycle(List<Backend> eligible) {
    Picker turns = Turns.of(eligible, 0);
    return IntStream.range(0, eligible.stream().mapToInt(Backend::weight).sum())
        .mapToObj(turn -> turns.pick(1))
        .toList();
  }

  private static Map<String, Integer> picks(Picker picker, int times) {
    Map<String, Integer> picks = new HashMap<>();
    for (int i = 0; i < times; i++) {
      picks.merge(picker.pick(1).id(), 1, Integer::sum);
    }
    return picks;
  }

  private static List<Backend> backends(int... weights) {
    List<Backend> backends = new ArrayList<>();
    for (int weight : weights) {
      backends.add(
          Backend.of("b" + backends.size(), "host", 1 + backends.size()).withWeight(weight));
    }
    return backends;
  }
}
