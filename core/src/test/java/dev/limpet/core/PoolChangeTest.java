package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What changes of a pool do to the sessions that are bound. */
class PoolChangeTest {
  private static final String ALICE = "alice";
  private static final List<String> SESSIONS = requests(300);

  private final Pool pool = pool("a", "b", "c");

  @Test
  void add_movesNoSessionAndTakesNewOnesByWeight() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(edit -> edit.add(backend("d", 3)));

    assertKept(router, homes);
    int picks = 400_000;
    int taken = 0;
    for (int i = 0; i < picks; i++) {
      taken += id(router.routeUnbound("")).equals("d") ? 1 : 0;
    }
    assertThat(taken).isCloseTo(picks / 2, within(picks / 100));
  }

  @Test
  void removeAndAddAgain_resumesTheBindings() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(edit -> edit.remove("b"));
    pool.change(edit -> edit.add(backend("b")));

    assertKept(router, homes);
  }

  @Test
  void replace_withAnotherAddressKeepsTheSessionsAndUsesTheNewAddressOnly() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(edit -> edit.replace(backend("b").withAddress("10.0.0.9", 9)));

    assertKept(router, homes);
    for (int i = 0; i < 100; i++) {
      Backend served = router.route("new-" + i).backend();
      assertThat(served.address().getPort()).isEqualTo(served.id().equals("b") ? 9 : 8080);
    }
    SESSIONS.forEach(session -> {
      Backend served = router.route(session).backend();
      assertThat(served.address().getPort()).isEqualTo(served.id().equals("b") ? 9 : 8080);
    });
  }

  @Test
  void replace_withAnotherGenerationMovesTheSessions() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(edit -> edit.replace(backend("b").withGeneration("2")));

    homes.forEach((session, home) -> {
      Route route = router.route(session);
      assertThat(route.outcome()).isEqualTo(home.equals("b") ? Outcome.MOVED : Outcome.KEPT);
      assertThat(route.reason()).isEqualTo(home.equals("b") ? Reason.BACKEND_GONE : null);
    });
  }

  static List<Consumer<PoolEdit>> closings() {
    return List.of(edit -> edit.weight("b", 0), edit -> edit.drain("b"));
  }

  @ParameterizedTest
  @MethodSource("closings")
  void drain_keepsBoundSessionsAndTakesNoNewOne(Consumer<PoolEdit> closing) {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(closing);

    assertKept(router, homes);
    for (int i = 0; i < 100; i++) {
      assertThat(id(router.route("new-" + i))).isNotEqualTo("b");
      assertThat(id(router.routeUnbound(""))).isNotEqualTo("b");
    }
  }

  @Test
  void ready_afterADrainFindsTheBindingsUntouched() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(edit -> edit.drain("b"));
    pool.change(edit -> edit.ready("b"));

    assertKept(router, homes);
  }

  @Test
  void drain_isOverWhenTheLastBindingHasElapsed() {
    AtomicLong clock = new AtomicLong();
    CaffeineStickyTable table = CaffeineStickyTable.of(
        StickySession.custom().withMode(StickySession.Mode.ABSOLUTE), 1_000, clock::get);
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    Map<String, String> homes = route(router, SESSIONS);
    pool.change(edit -> edit.drain("b"));

    clock.addAndGet(Duration.ofMinutes(20).toNanos() - 1);
    assertKept(router, homes);
    clock.incrementAndGet();

    SESSIONS.forEach(session -> {
      Route route = router.route(session);
      assertThat(route.outcome()).isEqualTo(Outcome.NEW);
      assertThat(id(route)).isNotEqualTo("b");
    });
    assertThat(table.size()).isEqualTo(SESSIONS.size());
  }

  @ParameterizedTest
  @EnumSource
  void allWeightsZero_servesBoundSessionsOnly(Failover failover) {
    StickyRouter<String> router = router(pool, failover);
    Map<String, String> homes = route(router, SESSIONS);

    pool.change(edit -> edit.weight("a", 0).weight("b", 0).weight("c", 0));

    assertKept(router, homes);
    assertThat(router.route("new")).hasToString("NO_BACKEND (UNKNOWN)");
    assertThat(router.peek("new")).isSameAs(Recall.none(Reason.UNKNOWN));
  }

  @Test
  void aRefusedChangeLeavesTheSessions() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.change(edit -> edit.replaceAll(List.of())));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> pool.change(edit -> edit.replaceAll(List.of(backend("x"), backend("x")))));

    assertKept(router, homes);
  }

  @Test
  void hitsConsumeNoTurn() {
    Backend[] backends = {backend("a", 5), backend("b", 2), backend("c")};
    Pool same = pool(new FromTheBeginning(), backends);
    Pool busy = pool(new FromTheBeginning(), backends);
    StickyRouter<String> quiet = open(same);
    StickyRouter<String> loud = open(busy);
    quiet.route(ALICE);
    loud.route(ALICE);

    for (String session : SESSIONS) {
      loud.route(ALICE);
      loud.peek(ALICE);
      assertThat(id(loud.route(session))).isEqualTo(id(quiet.route(session)));
      loud.route(session);
    }
  }

  @Test
  void keysAreNeverBoundToAnythingButNames() {
    StickyTable table = Routing.table(10);
    StickyRouter<String> router =
        router(Pool.of("pool", backend("a").withGeneration("7")), table, Failover.MOVE);

    router.route(ALICE);

    assertThat(table.peek(key(ALICE))).isEqualTo("a@7");
  }

  private static StickyRouter<String> open(Pool pool) {
    return StickyRouter.<String>builder(pool, affinity(Routing.table(1_000)))
        .profile(Profile.OPEN)
        .build();
  }

  private static Map<String, String> route(StickyRouter<String> router, List<String> sessions) {
    Map<String, String> homes = new HashMap<>();
    sessions.forEach(session -> homes.put(session, id(router.route(session))));
    return homes;
  }

  private static void assertKept(StickyRouter<String> router, Map<String, String> homes) {
    homes.forEach((session, home) -> {
      Route route = router.route(session);
      if (route.outcome() != Outcome.KEPT || !id(route).equals(home)) {
        assertThat(route).as(session).hasToString("KEPT " + home);
      }
    });
  }
}
