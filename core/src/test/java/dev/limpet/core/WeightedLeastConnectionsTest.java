package dev.limpet.core;

import static dev.limpet.core.Picker.Purpose.MAY_BEGIN_SESSION;
import static dev.limpet.core.Picker.Purpose.NEW_SESSION;
import static dev.limpet.core.Picker.Purpose.NO_SESSION;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedLeastConnectionsTest {
  private static final Balancer LEAST = new WeightedLeastConnections();

  @Test
  void newSessions_goToTheBackendWithTheFewestForItsWeight() {
    Pool pool = counting(LEAST, backend("a", 5), backend("b", 3), backend("c", 2));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    List<Route> held = routes(router, 1_000);
    assertThat(connections(pool)).containsExactly(500, 300, 200);
    held.stream().filter(route -> id(route).equals("b")).forEach(Route::close);
    List<Route> more = routes(router, 200);
    assertThat(more).allMatch(route -> id(route).equals("b"));
    held.forEach(Route::close);
    more.forEach(Route::close);
    assertThat(connections(pool)).containsExactly(0, 0, 0);
  }

  @Test
  void backendsThatAreAlike_arePickedAlike() {
    Pool pool = counting(LEAST, backend("a"), backend("b"), backend("c"));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      try (Route route = router.route("x")) {
        shares.merge(id(route), 1, Integer::sum);
      }
    }
    assertThat(shares).isEqualTo(Map.of("a", 10_000, "b", 10_000, "c", 10_000));
  }

  @Test
  void connections_countWhereOneBackendIsFull() {
    Pool pool = counting(LEAST, limited("a", 5), backend("b"), backend("c"));
    List<Route> held = routes(StickyRouter.of(pool, Affinity.none()), 1_005);

    assertThat(connections(pool)).containsExactly(5, 500, 500);
    held.forEach(Route::close);
  }

  @Test
  void picks_seeALimitThatChanges() {
    Pool pool = counting(LEAST, backend("a"), backend("b", 256), backend("c"));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    pool.change(edit -> edit.replace(backend("b", 256).withMaxConnections(1)));
    Route held = router.route("x");
    assertThat(connections(pool)).containsExactly(0, 1, 0);
    pool.snapshot().member("a").acquire();

    for (long key = 1; key <= 50; key++) {
      assertThat(pool.snapshot().pick(key, NEW_SESSION).name()).isEqualTo("c");
    }
    held.close();
  }

  @Test
  void backendsThatAreAlike_arePickedAlike_whereverBusyOnesStand() {
    Pool pool = counting(LEAST, backend("a"), backend("b"), backend("c"), backend("d"));
    pool.snapshot().member("b").acquire();
    pool.snapshot().member("c").acquire();
    int ofA = 0;
    for (int i = 0; i < 30_000; i++) {
      ofA += pool.snapshot().pick(KeyExtractor.NONE, NEW_SESSION).name().equals("a") ? 1 : 0;
    }

    assertThat(ofA).isEqualTo(15_000);
  }

  /** At random, the two light backends would get two thirds. */
  @Test
  void tiedBackends_takeTurnsByTheirWeights() {
    Pool pool = counting(LEAST, backend("a", 1), backend("b", 1), backend("c", 8));
    occupy(pool, "c", 7);

    assertThat(picks(pool, NEW_SESSION, 1_000)).isEqualTo(Map.of("a", 100, "b", 100, "c", 800));
  }

  @Test
  void backendsThatAreNotTied_areLeftOutOfTheTurns() {
    Pool pool = counting(LEAST, backend("a", 1), backend("b", 2), backend("c", 4), limited("d", 1));
    occupy(pool, "b", 1);
    occupy(pool, "c", 4);
    occupy(pool, "d", 1);

    assertThat(picks(pool, NEW_SESSION, 900)).isEqualTo(Map.of("a", 300, "b", 600));
  }

  @Test
  void turnsOfOtherPurposes_doNotMixWithThoseOfNewSessions() {
    Pool pool = counting(LEAST, backend("a"), backend("b"));
    Map<String, Integer> sessions = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      sessions.merge(pool.snapshot().pick(KeyExtractor.NONE, NEW_SESSION).name(), 1, Integer::sum);
      pool.snapshot().pick(KeyExtractor.NONE, NO_SESSION);
    }

    assertThat(sessions).isEqualTo(Map.of("a", 500, "b", 500));
    assertThat(picks(pool, NO_SESSION, 1_000)).isEqualTo(Map.of("a", 500, "b", 500));
  }

  @Test
  void requestsThatMayBeginASession_areDrawnByWeight() {
    Pool pool = counting(LEAST, backend("a", 1), backend("b", 1), backend("c", 8));
    occupy(pool, "c", 7);

    Map<String, Integer> drawn = picks(pool, MAY_BEGIN_SESSION, 30_000);

    assertThat(drawn.get("c")).isCloseTo(24_000, fiveSigma(30_000, 0.8));
    assertThat(drawn.get("a")).isCloseTo(3_000, fiveSigma(30_000, 0.1));
  }

  /** The next turn of a light backend is up to 10,000 turns away. */
  @Test
  void tiedBackendsWithFewTurns_arePickedAlikeInAShortTime() {
    Pool pool = counting(
        LEAST, backend("a", 1), backend("b", 1), backend("c", 1), backend("d", Backend.MAX_WEIGHT));
    occupy(pool, "d", Backend.MAX_WEIGHT);

    Map<String, Integer> picks = picks(pool, NEW_SESSION, 30_000);

    assertThat(picks).containsOnlyKeys("a", "b", "c");
    assertThat(picks.values())
        .allSatisfy(share -> assertThat(share).isCloseTo(10_000, fiveSigma(30_000, 1.0 / 3)));
  }

  @Test
  void threads_shareTheTurns() throws Exception {
    Pool pool = counting(LEAST, backend("a", 1), backend("b", 1), backend("c", 8));
    occupy(pool, "c", 7);
    Map<String, Integer> shares = new ConcurrentHashMap<>();
    List<Thread> threads = IntStream.range(0, 4)
        .mapToObj(i -> new Thread(() -> picks(pool, NEW_SESSION, 10_000)
            .forEach((name, count) -> shares.merge(name, count, Integer::sum))))
        .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(shares).isEqualTo(Map.of("a", 4_000, "b", 4_000, "c", 32_000));
  }

  static Stream<Arguments> loops() {
    return Stream.of(List.of(1, 1, 8), List.of(1, 2, 4, 8))
        .flatMap(weights -> Stream.of(arguments(weights, false), arguments(weights, true)));
  }

  /**
   * About 400 connections: in a closed loop, a new one replaces each that ends; in an open one,
   * they come and go independently of each other.
   */
  @ParameterizedTest
  @MethodSource("loops")
  void sharesByWeight_holdWithinFivePercent(List<Integer> weights, boolean open) {
    Backend[] backends = IntStream.range(0, weights.size())
        .mapToObj(i -> backend("b" + i, weights.get(i)))
        .toArray(Backend[]::new);
    StickyRouter<String> router = StickyRouter.of(counting(LEAST, backends), Affinity.none());
    SplittableRandom random = new SplittableRandom(7);
    List<Route> held = new ArrayList<>(routes(router, 400));
    Map<String, Integer> shares = new HashMap<>();
    int begun = 0;
    while (begun < 200_000) {
      boolean ends = !open || random.nextInt(400 + held.size()) >= 400;
      if (ends) {
        int index = random.nextInt(held.size());
        held.get(index).close();
        held.set(index, held.get(held.size() - 1));
        held.remove(held.size() - 1);
      }
      if (!ends || !open) {
        Route route = router.route("x");
        shares.merge(id(route), 1, Integer::sum);
        held.add(route);
        begun++;
      }
    }
    held.forEach(Route::close);
    double sum = weights.stream().mapToInt(Integer::intValue).sum();

    for (int i = 0; i < weights.size(); i++) {
      double fair = begun * weights.get(i) / sum;
      assertThat(shares.get("b" + i) / fair).as("b" + i).isCloseTo(1, within(0.05));
    }
  }

  private static Offset<Integer> fiveSigma(int count, double share) {
    return within((int) (5 * Math.sqrt(count * share * (1 - share))));
  }

  private static void occupy(Pool pool, String name, int connections) {
    for (int i = 0; i < connections; i++) {
      assertThat(pool.snapshot().member(name).acquire()).isTrue();
    }
  }

  private static Map<String, Integer> picks(Pool pool, Picker.Purpose purpose, int count) {
    Map<String, Integer> picks = new HashMap<>();
    for (int i = 0; i < count; i++) {
      picks.merge(pool.snapshot().pick(KeyExtractor.NONE, purpose).name(), 1, Integer::sum);
    }
    return picks;
  }

  private static List<Route> routes(StickyRouter<String> router, int count) {
    return IntStream.range(0, count).mapToObj(i -> router.route("x")).toList();
  }

  private static List<Integer> connections(Pool pool) {
    return pool.snapshot().members().stream()
        .map(member -> member.load().connections())
        .toList();
  }
}
