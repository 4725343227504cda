package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What outages of backends do to the sessions that are bound. */
class OutageTest {
  private static final String ALICE = "alice";
  private static final List<String> SESSIONS = requests(300);

  private final Pool pool = pool("a", "b", "c");

  @ParameterizedTest
  @EnumSource
  void allDown_keepsTheBindingsForTheReturn(Failover failover) {
    StickyRouter<String> router = router(pool, failover);
    Map<String, String> homes = route(router, SESSIONS);
    pool.change(edit -> edit.down("a").down("b").down("c"));

    Outcome expected = failover == Failover.STRICT ? Outcome.REFUSED : Outcome.NO_BACKEND;
    SESSIONS.forEach(session -> assertThat(router.route(session).outcome()).isEqualTo(expected));
    pool.change(edit -> edit.up("b"));

    homes.forEach((session, home) -> {
      if (home.equals("b")) {
        assertThat(router.route(session)).hasToString("KEPT b");
      }
    });
  }

  @Test
  void down_ofADrainedBackendMovesItsSessionsOnce() {
    StickyRouter<String> router = router(pool);
    Map<String, String> homes = route(router, SESSIONS);
    pool.change(edit -> edit.drain("b"));
    pool.change(edit -> edit.down("b"));

    Map<String, String> moved = route(router, SESSIONS);

    homes.forEach((session, home) -> {
      if (home.equals("b")) {
        assertThat(moved.get(session)).isIn("a", "c");
      } else {
        assertThat(moved).containsEntry(session, home);
      }
    });
    assertKept(router, moved);
  }

  @Test
  void flapping_movesASessionAtMostOncePerDownPhaseAndNeverBack() {
    StickyRouter<String> router = router(pool);
    route(router, SESSIONS);
    long onHome =
        SESSIONS.stream().filter(s -> router.peek(s).name().equals("b")).count();

    for (int phase = 0; phase < 20; phase++) {
      pool.change(edit -> edit.down("b"));
      Map<String, String> during = route(router, SESSIONS);
      assertThat(during.values()).doesNotContain("b");
      pool.change(edit -> edit.up("b"));
      assertKept(router, during);
    }

    assertThat(router.stats().count(Outcome.MOVED)).isEqualTo(onHome);
  }

  @Test
  void strict_leavesTheBindingForTheReturn() {
    StickyRouter<String> router = router(pool, Failover.STRICT);
    String home = id(router.route(ALICE));

    pool.change(edit -> edit.down(home));
    assertThat(router.route(ALICE)).hasToString("REFUSED (BACKEND_DOWN)");
    assertThat(router.peek(ALICE).name()).isEqualTo(home);
    pool.change(edit -> edit.up(home));

    assertThat(router.route(ALICE)).hasToString("KEPT " + home);
  }

  @Test
  void massOutage_movesEachSessionOnceAndSpreadsThemByWeight() {
    Pool ten = Pool.of("ten");
    for (int i = 0; i < 10; i++) {
      Backend added = backend("b" + i, i == 1 ? 2 : 1);
      ten.change(edit -> edit.add(added));
    }
    StickyRouter<String> router = StickyRouter.of(ten, affinity(Routing.table(200_000)));
    List<String> sessions = requests(100_000);
    Map<String, String> homes = route(router, sessions);
    long onDead = homes.values().stream().filter("b0"::equals).count();

    ten.change(edit -> edit.down("b0"));
    assertThat(router.stats().count(Outcome.MOVED)).isZero();
    Map<String, String> after = route(router, sessions);

    Map<String, Integer> taken = new HashMap<>();
    after.forEach((session, home) -> {
      if (homes.get(session).equals("b0")) {
        taken.merge(home, 1, Integer::sum);
      } else {
        assertThat(home).isEqualTo(homes.get(session));
      }
    });
    assertThat(router.stats().count(Outcome.MOVED)).isEqualTo(onDead);
    for (int i = 1; i < 10; i++) {
      double share = (i == 1 ? 2 : 1) / 10.0;
      double sigma = Math.sqrt(onDead * share * (1 - share));
      assertThat((double) taken.get("b" + i)).isCloseTo(onDead * share, within(5 * sigma));
    }
    assertKept(router, after);
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
