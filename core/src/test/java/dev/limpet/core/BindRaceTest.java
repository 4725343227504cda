package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes at the worst moment: between a snapshot and a lookup, or while a session is being bound.
 */
class BindRaceTest {
  private static final String ALICE = "alice";
  private static final long KEY = key(ALICE);

  private final Pool pool = pool("a", "b", "c");
  private final StickyTable plain = Routing.table(100);
  private final Queue<Runnable> beforeLookup = new ArrayDeque<>();
  private final Queue<Runnable> beforeUnbind = new ArrayDeque<>();
  private final Queue<Consumer<String>> duringBind = new ArrayDeque<>();

  private final StickyTable table = new ForwardingTable(plain) {
    @Override
    public @Nullable String lookup(long key) {
      run(beforeLookup);
      return super.lookup(key);
    }

    @Override
    public @Nullable String peek(long key) {
      run(beforeLookup);
      return super.peek(key);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      Consumer<String> meanwhile = duringBind.poll();
      if (meanwhile != null) {
        meanwhile.accept(candidate);
      }
      return super.bind(key, expected, candidate, byHash);
    }

    @Override
    public boolean unbind(long key, String expected) {
      run(beforeUnbind);
      return super.unbind(key, expected);
    }

    private void run(Queue<Runnable> queue) {
      Runnable meanwhile = queue.poll();
      if (meanwhile != null) {
        meanwhile.run();
      }
    }
  };

  static List<EndOfService> ends() {
    return List.of(
        (edit, id) -> edit.drain(id),
        (edit, id) -> edit.weight(id, 0),
        (edit, id) -> edit.down(id),
        (edit, id) -> edit.remove(id),
        (edit, id) -> edit.replace(backend(id).withGeneration("2")).drain(id));
  }

  /** Something after which a backend takes no new sessions. */
  @FunctionalInterface
  interface EndOfService {
    void on(PoolEdit edit, String id);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aBackendThatIsClosedDuringABindGetsNoNewSession(EndOfService end) {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    duringBind.add(candidate -> pool.change(edit -> end.on(edit, candidate)));

    Route route = router.route(ALICE);

    String expected = rendezvous(pool.snapshot(), KEY);
    assertThat(route).hasToString("NEW " + expected + " (UNKNOWN)");
    assertThat(plain.peek(KEY)).isEqualTo(expected);
    assertThat(pool.snapshot().member(expected).acceptsNew()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ends")
  void everyBackendThatIsClosedDuringABindIsAvoided(EndOfService end) {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    duringBind.add(candidate -> pool.change(edit -> end.on(edit, candidate)));
    duringBind.add(candidate -> pool.change(edit -> end.on(edit, candidate)));

    Route route = router.route(ALICE);

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(plain.peek(KEY)).isEqualTo(route.backend().name());
    assertThat(pool.snapshot().member(route.backend().name()).acceptsNew()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whereAllAreClosedDuringABindNothingStaysBound(EndOfService end) {
    Pool single = pool("a");
    StickyRouter<String> router = router(single, table, Failover.MOVE);
    duringBind.add(candidate -> single.change(edit -> end.on(edit, candidate)));

    assertThat(router.route(ALICE)).hasToString("NO_BACKEND (UNKNOWN)");
    assertThat(plain.peek(KEY)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aMoveToABackendThatIsClosedMeanwhileIsMovedOn(Failover failover) {
    StickyRouter<String> router = router(pool, table, failover);
    plain.bind(KEY, null, "z", false);
    duringBind.add(candidate -> pool.change(edit -> edit.drain(candidate)));

    Route route = router.route(ALICE);

    assertThat(route).hasToString("MOVED " + rendezvous(pool.snapshot(), KEY) + " (BACKEND_GONE)");
    assertThat(plain.peek(KEY)).isEqualTo(id(route));
  }

  @Test
  void aMoveThatFindsAllClosedMeanwhileIsTakenBack() {
    Pool two = pool("a", "b");
    plain.bind(KEY, null, "a", false);
    two.change(edit -> edit.down("a"));
    StickyRouter<String> router = router(two, table, Failover.MOVE);
    duringBind.add(candidate -> two.change(edit -> edit.drain(candidate)));

    assertThat(router.route(ALICE)).hasToString("NO_BACKEND (BACKEND_DOWN)");
    assertThat(plain.peek(KEY)).isEqualTo("a");
  }

  @Test
  void anUnrelatedChangeDuringABindChangesNothing() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    duringBind.add(candidate -> pool.change(edit -> edit.add(backend("d"))));

    Route route = router.route(ALICE);

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(id(route)).isNotEqualTo("d");
    assertThat(plain.peek(KEY)).isEqualTo(id(route));
    assertThat(duringBind).isEmpty();
  }

  @Test
  void aJustAddedBackendIsNotGoneToARequestThatReadTheOldPool() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    beforeLookup.add(() -> {
      pool.change(edit -> edit.add(backend("d")));
      plain.bind(KEY, null, "d", false);
    });

    assertThat(router.route(ALICE)).hasToString("KEPT d");
    assertThat(router.stats().count(Outcome.MOVED)).isZero();
  }

  @Test
  void aJustAddedBackendIsNotGoneToAPeekThatReadTheOldPool() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    beforeLookup.add(() -> {
      pool.change(edit -> edit.add(backend("d")));
      plain.bind(KEY, null, "d", false);
    });

    assertThat(router.peek(ALICE)).hasToString("d");
  }

  @Test
  void aBackendThatRecoveredBeforeTheLookupKeepsItsSession() {
    StickyRouter<String> router = router(pool, table, Failover.STRICT);
    String home = id(router.route(ALICE));
    pool.change(edit -> edit.down(home));
    beforeLookup.add(() -> pool.change(edit -> edit.up(home)));

    assertThat(router.route(ALICE)).hasToString("KEPT " + home);
  }

  @Test
  void theLoserOfARaceMovesOnIfTheWinnersBackendHasLeft() {
    StickyRouter<String> router = router(pool, table, Failover.STRICT);
    duringBind.add(candidate -> {
      plain.bind(KEY, null, "b", false);
      pool.change(edit -> edit.remove("b"));
    });

    Route route = router.route(ALICE);

    assertThat(route.outcome()).isIn(Outcome.MOVED, Outcome.KEPT);
    assertThat(id(route)).isEqualTo(plain.peek(KEY)).isNotEqualTo("b");
  }

  @Test
  void aSessionThatElapsesWhileItIsMovedIsBoundAnew() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    plain.bind(KEY, null, "a", false);
    pool.change(edit -> edit.down("a"));
    duringBind.add(candidate -> plain.unbind(KEY, "a"));

    Route route = router.route(ALICE);

    assertThat(route.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(plain.peek(KEY)).isEqualTo(id(route));
  }

  @Test
  void unbind_forgetsASessionThatIsMovedMeanwhile() {
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    plain.bind(KEY, null, "a", false);
    beforeUnbind.add(() -> plain.bind(KEY, "a", "b", true));

    assertThat(router.unbind(ALICE)).isTrue();
    assertThat(plain.peek(KEY)).isNull();
  }

  @Test
  void unbind_endsWhereBindingsAreNotKept() {
    StickyTable stubborn = new ForwardingTable(plain) {
      @Override
      public boolean unbind(long key, String expected) {
        return false;
      }
    };
    StickyRouter<String> router = StickyRouter.of(pool, affinity(stubborn));
    router.route(ALICE);

    assertThat(router.unbind(ALICE)).isFalse();
  }

  @Test
  void aTableThatKeepsNothingLeavesTheSessionToTheHash() {
    StickyTable keepsNothing = new ForwardingTable(plain) {
      @Override
      public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
        return Bound.NOT_KEPT;
      }
    };
    StickyRouter<String> router = StickyRouter.of(pool, affinity(keepsNothing));

    assertThat(router.route(ALICE))
        .hasToString("HASHED " + rendezvous(pool.snapshot(), KEY) + " (UNKNOWN)");
  }
}
