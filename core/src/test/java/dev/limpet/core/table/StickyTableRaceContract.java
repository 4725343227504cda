package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Bound.Status;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of a {@link StickyTable} that many threads use at once; see {@link
 * StickyTableContract}.
 */
@Timeout(120)
public abstract class StickyTableRaceContract extends StickyTableRenewContract {
  private static final int THREADS = 64;
  private static final int ROUNDS = 2_000;

  @Tag("long")
  @Test
  void racingBinds_storeExactlyOneAndTheOthersHoldIt() throws Exception {
    StickyTable table = newTable(StickySession.custom(), 2 * ROUNDS, new ManualClock(0));

    List<List<Bound>> rounds =
        race(ROUNDS, (thread, round) -> table.bind(round + 1L, null, "backend" + thread, false));

    for (int round = 0; round < ROUNDS; round++) {
      String name = table.peek(round + 1L);
      assertThat(rounds.get(round)).filteredOn(b -> b.status() == Status.STORED).hasSize(1);
      assertThat(rounds.get(round)).filteredOn(b -> b.status() == Status.HELD).hasSize(THREADS - 1);
      assertThat(rounds.get(round)).extracting(Bound::name).containsOnly(name);
    }
  }

  @Tag("long")
  @Test
  void racingRebinds_haveOneWinner() throws Exception {
    StickyTable table = newTable(StickySession.custom(), 2 * ROUNDS, new ManualClock(0));
    for (long key = 1; key <= ROUNDS; key++) {
      table.bind(key, null, "gone", false);
    }

    List<List<Bound>> rounds =
        race(ROUNDS, (thread, round) -> table.bind(round + 1L, "gone", "backend" + thread, true));

    for (int round = 0; round < ROUNDS; round++) {
      assertThat(rounds.get(round)).filteredOn(b -> b.status() == Status.STORED).hasSize(1);
      assertThat(rounds.get(round)).extracting(Bound::name).containsOnly(table.peek(round + 1L));
    }
  }

  @Tag("long")
  @Test
  void racingUnbinds_haveOneWinner() throws Exception {
    StickyTable table = newTable(StickySession.custom(), 2 * ROUNDS, new ManualClock(0));
    for (long key = 1; key <= ROUNDS; key++) {
      table.bind(key, null, "backend", false);
    }

    List<List<Boolean>> rounds =
        race(ROUNDS, (thread, round) -> table.unbind(round + 1L, "backend"));

    assertThat(rounds).allSatisfy(round -> assertThat(round).containsOnlyOnce(true));
  }

  @Tag("long")
  @Test
  void racingNewKeys_takeEveryPlaceAndNoMore() throws Exception {
    int capacity = 8;
    List<StickyTable> tables = new ArrayList<>();
    for (int round = 0; round < ROUNDS / 2; round++) {
      tables.add(newTable(StickySession.custom(), capacity, new ManualClock(0)));
    }

    List<List<Bound>> rounds = race(
        tables.size(),
        (thread, round) -> tables.get(round).bind(thread + 1L, null, "backend", true));

    for (int round = 0; round < tables.size(); round++) {
      assertThat(rounds.get(round)).filteredOn(b -> b.status() == Status.STORED).hasSize(capacity);
      StickyTable table = tables.get(round);
      assertThat(LongStream.rangeClosed(1, THREADS)
              .filter(key -> table.peek(key) != null)
              .count())
          .isEqualTo(capacity);
    }
  }

  @Tag("long")
  @Test
  void onePlaceWithManyOwners_isTakenByOneAtATime() throws Exception {
    StickyTable table = newTable(StickySession.custom(), 1, new ManualClock(0));
    AtomicInteger owners = new AtomicInteger();

    List<List<Integer>> rounds = race(500, (thread, round) -> {
      if (table.bind(thread + 1L, null, "backend", true).status() != Status.STORED) {
        return 0;
      }
      int most = owners.incrementAndGet();
      owners.decrementAndGet();
      table.unbind(thread + 1L, "backend");
      return most;
    });

    assertThat(rounds).allSatisfy(round -> assertThat(round).isSubsetOf(0, 1));
    assertThat(table.bind(99, null, "backend", true).status()).isEqualTo(Status.STORED);
  }

  @Tag("long")
  @Test
  void unbindThatRacesWithUses_isFinal() throws Exception {
    ManualClock clock = new ManualClock(0);
    StickySession session = StickySession.custom().withDuration(Duration.ofSeconds(1));
    StickyTable table = newTable(session, 2 * ROUNDS, clock);
    for (long key = 1; key <= ROUNDS; key++) {
      table.bind(key, null, "backend", false);
    }

    List<List<Boolean>> rounds = race(ROUNDS, (thread, round) -> {
      long key = round + 1L;
      if (thread % 8 == 0) {
        clock.advance(Duration.ofMillis(10));
        table.unbind(key, "backend");
        return table.lookup(key) == null && table.peek(key) == null;
      }
      table.lookup(key);
      return true;
    });

    assertThat(rounds).allSatisfy(round -> assertThat(round).containsOnly(true));
  }

  @Tag("long")
  @Test
  void unbindThatRacesWithRebindsToTheSameName_succeeds() throws Exception {
    StickyTable table = newTable(StickySession.custom(), 2 * ROUNDS, new ManualClock(0));
    for (long key = 1; key <= ROUNDS; key++) {
      table.bind(key, null, "backend", false);
    }

    List<List<Boolean>> rounds = race(ROUNDS, (thread, round) -> {
      long key = round + 1L;
      if (thread > 0) {
        for (int i = 0; i < 30; i++) {
          table.bind(key, "backend", "backend", false);
        }
        return true;
      }
      return table.unbind(key, "backend");
    });

    assertThat(rounds).allSatisfy(round -> assertThat(round).containsOnly(true));
  }

  @Test
  void bindingsThatStay_areAllCountedWhileOthersComeAndGo() throws Exception {
    StickyTable table = newTable(StickySession.custom(), 2 * ROUNDS, new ManualClock(0));
    for (long key = 1; key <= ROUNDS; key++) {
      table.bind(key, null, "stays", false);
    }

    List<List<Boolean>> rounds = race(ROUNDS / 10, (thread, round) -> {
      if (thread == 0) {
        return table.bindings("stays").orElse(ROUNDS) == ROUNDS;
      }
      long key = (long) ROUNDS * (1 + thread) + round;
      table.bind(key, null, "comes", true);
      table.bind(1, null, "comes", true);
      table.unbind(key, "comes");
      return true;
    });

    assertThat(rounds).allSatisfy(round -> assertThat(round).containsOnly(true));
    assertThat(table.bindings("comes").orElse(0)).isZero();
  }

  /** Runs the action on all threads at once, round by round, and returns the results by round. */
  private static <T> List<List<T>> race(int rounds, Action<T> action) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<T>>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        Callable<List<T>> run = () -> {
          List<T> results = new ArrayList<>(rounds);
          for (int round = 0; round < rounds; round++) {
            start.await();
            results.add(action.run(thread, round));
          }
          return results;
        };
        running.add(threads.submit(run));
      }
      List<List<T>> byRound = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        byRound.add(new ArrayList<>(THREADS));
      }
      for (Future<List<T>> thread : running) {
        List<T> results = thread.get();
        for (int round = 0; round < rounds; round++) {
          byRound.get(round).add(results.get(round));
        }
      }
      return byRound;
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Action<T> {
    T run(int thread, int round);
  }

  /** A clock that a test moves, in either direction. */
  public static final class ManualClock implements NanoClock {
    private final AtomicLong nanos;

    public ManualClock(long start) {
      this.nanos = new AtomicLong(start);
    }

    @Override
    public long nanos() {
      return nanos.get();
    }

    public void advance(Duration duration) {
      nanos.addAndGet(duration.toNanos());
    }

    public void advance(long duration) {
      nanos.addAndGet(duration);
    }
  }
}
