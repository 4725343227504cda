package dev.limpet.core;

import static dev.limpet.core.Routing.TEXT;
import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests of one session that race with each other. */
class RoutingRaceTest {
  private static final int THREADS = 64;

  private final Pool pool = pool("a", "b", "c", "d", "e");

  @Tag("slow")
  @Test
  void racingFirstRequestsAgreeAndExactlyOneIsNew() throws InterruptedException {
    Agreement agreement = new Agreement(10_000);
    StickyRouter<String> router = router(pool);
    CyclicBarrier barrier = new CyclicBarrier(THREADS);

    Threads.together(THREADS, thread -> {
      for (int round = 0; round < agreement.rounds; round++) {
        barrier.await();
        agreement.add(round, router.route("session-" + round));
      }
    });

    agreement.assertOne(Outcome.NEW);
    assertThat(router.stats().requests()).isEqualTo((long) THREADS * agreement.rounds);
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(agreement.rounds);
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo((THREADS - 1L) * agreement.rounds);
  }

  @Test
  void racingFirstRequestsOfVirtualThreadsAgree() throws InterruptedException {
    ThreadFactory virtual = virtualThreads();
    int rounds = 20;
    Agreement agreement = new Agreement(rounds);
    StickyRouter<String> router = router(pool);

    for (int round = 0; round < rounds; round++) {
      int now = round;
      Threads.together(
          10_000, virtual, thread -> agreement.add(now, router.route("session-" + now)));
    }

    agreement.assertOne(Outcome.NEW);
  }

  @Test
  void racingRequestsOfASessionWhoseBackendDiedAgreeAndExactlyOneMovesIt()
      throws InterruptedException {
    Agreement agreement = new Agreement(1_000);
    StickyTable table = Routing.table(2L * agreement.rounds);
    StickyRouter<String> router = router(pool, table, Failover.MOVE);
    for (int round = 0; round < agreement.rounds; round++) {
      table.bind(key("session-" + round), null, "a", false);
    }
    pool.change(edit -> edit.down("a"));
    CyclicBarrier barrier = new CyclicBarrier(THREADS);

    Threads.together(THREADS, thread -> {
      for (int round = 0; round < agreement.rounds; round++) {
        barrier.await();
        agreement.add(round, router.route("session-" + round));
      }
    });

    agreement.assertOne(Outcome.MOVED);
    for (int round = 0; round < agreement.rounds; round++) {
      assertThat(agreement.backends.get(round))
          .isEqualTo(rendezvous(pool.snapshot(), key("session-" + round)));
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void parallelRequestsThatCannotConnectAgree(Failover failover) throws InterruptedException {
    int parallel = 6;
    for (int round = 0; round < 300; round++) {
      String session = "session-" + round;
      StickyRouter<String> router = router(pool, failover);
      Route home = router.route(session);
      Route[] failed = new Route[parallel];
      Route[] answers = new Route[parallel];
      Arrays.setAll(failed, i -> router.route(session));

      Threads.together(parallel, i -> answers[i] = router.reroute(session, failed[i]));

      String expected = failover == Failover.STRICT
          ? "none"
          : rendezvous(pool.snapshot(), key(session), id(home));
      assertThat(answers).extracting(Routing::id).containsOnly(expected);
      assertThat(answers)
          .filteredOn(answer -> answer.outcome() == Outcome.MOVED)
          .hasSize(failover == Failover.MOVE ? 1 : 0);
    }
  }

  @Test
  void aPickerThatThrowsUnderContentionHangsNobodyAndTheNextCallBinds()
      throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    AtomicInteger refused = new AtomicInteger();
    Balancer fragile = new Balancer() {
      @Override
      public Picker picker(List<Backend> eligible, List<Load> loads) {
        return key -> {
          if (broken.get()) {
            throw new IllegalStateException("broken");
          }
          return eligible.get(0);
        };
      }

      @Override
      public String name() {
        return "fragile";
      }
    };
    StickyRouter<String> router = StickyRouter.<String>builder(
            pool(fragile, backend("a")), affinity(Routing.table(10)))
        .profile(Profile.OPEN)
        .build();

    Threads.together(THREADS, thread -> {
      assertThatIllegalStateException().isThrownBy(() -> router.route("alice"));
      refused.incrementAndGet();
    });
    broken.set(false);

    assertThat(refused).hasValue(THREADS);
    assertThat(router.route("alice")).hasToString("NEW a (UNKNOWN)");
    assertThat(router.route("alice")).hasToString("KEPT a");
  }

  @Test
  void anInterruptIsKeptAndBreaksNothing() {
    StickyRouter<String> router = router(pool);

    Thread.currentThread().interrupt();
    Route bound = router.route("alice");
    Route kept = router.route("alice");
    Route moved = router.reroute("alice", kept);
    boolean unbound = router.unbind("alice");
    PoolSnapshot changed = pool.change(edit -> edit.drain("a"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(bound.outcome()).isEqualTo(Outcome.NEW);
    assertThat(kept).hasToString("KEPT " + id(bound));
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(unbound).isTrue();
    assertThat(changed.member("a").draining()).isTrue();
  }

  @Test
  void sessionsWithoutAKeyTakeTurnsThatAddUp() throws InterruptedException {
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).balanceBy(TEXT).build();
    AtomicIntegerArray taken = new AtomicIntegerArray(5);

    Threads.together(8, thread -> {
      for (int i = 0; i < 5_000; i++) {
        taken.incrementAndGet(id(router.route("x")).charAt(0) - 'a');
      }
    });

    for (int i = 0; i < taken.length(); i++) {
      assertThat(taken.get(i)).isEqualTo(8_000);
    }
  }

  private static ThreadFactory virtualThreads() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException e) {
      return abort("no virtual threads on Java " + Runtime.version().feature());
    }
  }

  /** What many threads were answered in each of many rounds. */
  private static final class Agreement {
    final int rounds;
    final AtomicReferenceArray<String> backends;
    private final AtomicIntegerArray firsts;
    private final AtomicIntegerArray disagreed = new AtomicIntegerArray(1);

    Agreement(int rounds) {
      this.rounds = rounds;
      this.backends = new AtomicReferenceArray<>(rounds);
      this.firsts = new AtomicIntegerArray(rounds);
    }

    void add(int round, Route route) {
      if (!backends.compareAndSet(round, null, id(route))
          && !backends.get(round).equals(id(route))) {
        disagreed.incrementAndGet(0);
      }
      if (route.outcome() != Outcome.KEPT) {
        firsts.incrementAndGet(round);
      }
    }

    void assertOne(Outcome outcome) {
      assertThat(disagreed.get(0)).as("answers that disagree").isZero();
      for (int round = 0; round < rounds; round++) {
        assertThat(firsts.get(round)).as("%s in round %s", outcome, round).isEqualTo(1);
      }
    }
  }
}
