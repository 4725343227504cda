package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpet.core.Picker.Purpose;
import dev.limpet.core.WeightedRoundRobin.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that keep no session, in fixed patterns with those that do or may. */
class PurposesTest {
  private static final String KEYLESS = "";
  private static final int STANDARD_ERRORS = 5;

  @Test
  void ignoredRequests_takeNoTurnOfNewSessions() {
    StickyRouter<String> router = Routing.router(Routing.pool("a", "b"));
    Map<String, Integer> sessions = new HashMap<>();
    for (String session : Routing.requests(1_000)) {
      router.routeUnbound(session);
      sessions.merge(id(router.route(session)), 1, Integer::sum);
    }
    assertThat(sessions).isEqualTo(Map.of("a", 500, "b", 500));
  }

  @Test
  void requestsWithoutAKey_takeNoTurnOfNewSessions() {
    StickyRouter<String> router = Routing.router(Routing.pool("a", "b"));
    Map<String, Integer> sessions = new HashMap<>();
    for (String session : Routing.requests(1_000)) {
      router.route(KEYLESS);
      sessions.merge(id(router.route(session)), 1, Integer::sum);
    }
    assertThat(sessions).isEqualTo(Map.of("a", 500, "b", 500));
  }

  /** Exactly by weight in each cycle, and so is what keeps none. */
  @Test
  void newSessions_areSpreadByWeightInAnyPattern() {
    Random random = new Random(14);
    for (int round = 0; round < 300; round++) {
      List<Backend> backends = backends(random);
      List<Purpose> pattern = pattern(random);
      Turns turns = Turns.of(backends, random.nextLong());
      int cycle = cycle(backends);
      Map<String, Integer> sessions = new HashMap<>();
      Map<String, Integer> others = new HashMap<>();
      for (int i = 0; i < 3 * cycle * pattern.size(); i++) {
        Purpose purpose = pattern.get(i % pattern.size());
        String picked = turns.pick(KeyExtractor.NONE, purpose).id();
        (purpose == Purpose.NEW_SESSION ? sessions : others).merge(picked, 1, Integer::sum);
      }
      long each = pattern.stream().filter(p -> p == Purpose.NEW_SESSION).count();
      assertThat(sessions).isEqualTo(byWeight(backends, 3 * each));
      assertThat(others).isEqualTo(byWeight(backends, 3 * (pattern.size() - each)));
    }
  }

  @Test
  void requestsThatMayBeginASession_areSpreadByWeightInEachCycle() {
    Random random = new Random(15);
    for (int round = 0; round < 300; round++) {
      List<Backend> backends = backends(random);
      Turns turns = Turns.of(backends, random.nextLong());
      for (int cycle = 0; cycle < 5; cycle++) {
        assertThat(picks(turns, cycle(backends))).isEqualTo(byWeight(backends, 1));
      }
    }
  }

  /** Of each pattern in which one request of so many begins a session. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 12, 16})
  void sessionsThatEveryNthRequestBegins_areSpreadAboutByWeight(int period) {
    int sessions = 5_000;
    Random random = new Random(period);
    for (int round = 0; round < 20; round++) {
      List<Backend> backends = (round % 2 == 0) ? alike(2 + round / 4) : backends(random);
      int at = random.nextInt(period);
      Turns turns = Turns.of(backends, random.nextLong());
      Map<String, Integer> begun = new HashMap<>();
      for (int i = 0; i < sessions * period; i++) {
        Backend picked = turns.pick(KeyExtractor.NONE, Purpose.MAY_BEGIN_SESSION);
        if (i % period == at) {
          begun.merge(picked.id(), 1, Integer::sum);
        }
      }
      assertAboutByWeight(begun, backends, sessions);
    }
  }

  @Test
  void requestsThatMayBeginASession_takeEachCycleInAnotherOrder() {
    Turns turns = Turns.of(alike(4), 4);
    Map<List<Backend>, Integer> orders = new HashMap<>();
    for (int round = 0; round < 24_000; round++) {
      List<Backend> order = IntStream.range(0, 4)
          .mapToObj(i -> turns.pick(KeyExtractor.NONE, Purpose.MAY_BEGIN_SESSION))
          .toList();
      orders.merge(order, 1, Integer::sum);
    }
    assertThat(orders).hasSize(24);
    assertThat(orders.values()).allSatisfy(times -> assertThat(times).isBetween(850, 1_150));
  }

  @Test
  void anAffinityThatLearns_putsNotAllSessionsOnOneBackend() {
    StickyRouter<String> router = StickyRouter.of(Routing.pool("a", "b"), new Learning());
    Map<String, Integer> sessions = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      router.route("GET /");
      sessions.merge(id(router.route("POST /login")), 1, Integer::sum);
    }
    assertThat(sessions.get("a")).isCloseTo(500, within(150));
  }

  @Test
  void whereHitsAreCharged_requestsThatKeepNoSessionPayNoTurn() {
    StickyRouter<String> router =
        Routing.router(Routing.pool(WeightedRoundRobin.chargingHits(), backend("a"), backend("b")));
    String bound = id(router.route("x"));
    String other = id(router.route("y"));
    router.route("x");
    for (int i = 0; i < 9; i++) {
      router.routeUnbound("z");
    }
    assertThat(id(router.route("z"))).isEqualTo(other).isNotEqualTo(bound);
  }

  @Test
  void whileABackendStartsSlowly_requestsThatKeepNoSessionTakeNoTurnOfNewSessions() {
    AtomicLong time = new AtomicLong();
    Pool pool = Pool.builder("pool")
        .backends(List.of(backend("a")))
        .slowStart(Duration.ofSeconds(100))
        .environment(Environment.local().withClock(time::get))
        .build();
    pool.change(edit -> edit.add(backend("b")));
    time.set(Duration.ofSeconds(10).toNanos());
    StickyRouter<String> router = Routing.router(pool);
    Map<String, Integer> sessions = new HashMap<>();
    for (String session : Routing.requests(1_200)) {
      router.routeUnbound(session);
      sessions.merge(id(router.route(session)), 1, Integer::sum);
    }
    assertThat(sessions).isEqualTo(Map.of("a", 1_000, "b", 200));
  }

  @Test
  void aPickerThatKnowsNoPurposes_picksAsForNewSessions() {
    Picker mine = key -> backend("b" + key);
    for (Purpose purpose : Purpose.values()) {
      assertThat(mine.pick(7, purpose)).isEqualTo(backend("b7"));
    }
  }

  private static void assertAboutByWeight(
      Map<String, Integer> picks, List<Backend> backends, int all) {
    int total = backends.stream().mapToInt(Backend::weight).sum();
    for (Backend backend : backends) {
      double share = (double) backend.weight() / total;
      double expected = all * share;
      assertThat((double) picks.getOrDefault(backend.id(), 0))
          .as("%s of %s", backend, backends)
          .isCloseTo(expected, within(STANDARD_ERRORS * Math.sqrt(expected * (1 - share))));
    }
  }

  private static Map<String, Integer> picks(Picker picker, int times) {
    Map<String, Integer> picks = new HashMap<>();
    for (int i = 0; i < times; i++) {
      Backend picked = picker.pick(KeyExtractor.NONE, Purpose.MAY_BEGIN_SESSION);
      picks.merge(picked.id(), 1, Integer::sum);
    }
    return picks;
  }

  private static Map<String, Integer> byWeight(List<Backend> backends, long cycles) {
    Map<String, Integer> turns = new HashMap<>();
    if (cycles > 0) {
      backends.forEach(b -> turns.put(b.id(), Math.toIntExact(cycles * b.weight())));
    }
    return turns;
  }

  /** {@return the turns of a cycle; none of the weights have a common divisor} */
  private static int cycle(List<Backend> backends) {
    return backends.stream().mapToInt(Backend::weight).sum();
  }

  private static List<Backend> alike(int count) {
    return IntStream.range(0, count).mapToObj(i -> backend("b" + i)).toList();
  }

  private static List<Backend> backends(Random random) {
    List<Backend> backends = new ArrayList<>(List.of(backend("first")));
    for (int i = 0, others = 1 + random.nextInt(6); i < others; i++) {
      backends.add(backend("b" + i, 1 + random.nextInt(9)));
    }
    return backends;
  }

  /** {@return up to 8 purposes: requests that keep no session are of one kind in each} */
  private static List<Purpose> pattern(Random random) {
    Purpose other = random.nextBoolean() ? Purpose.NO_SESSION : Purpose.MAY_BEGIN_SESSION;
    return IntStream.rangeClosed(0, 1 + random.nextInt(7))
        .mapToObj(i -> (i == 0 || random.nextBoolean()) ? Purpose.NEW_SESSION : other)
        .toList();
  }

  /** Sessions of which nothing is known before a response. */
  private static final class Learning extends ForwardingAffinity<String> {
    Learning() {
      super(Affinity.none());
    }

    @Override
    public boolean learns() {
      return true;
    }
  }
}
