package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Churn.Load;
import dev.limpet.core.table.TableKind;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Churn for as many minutes as the system property {@code soak.minutes} says, for both tables
 * together.
 */
class ChurnSoak {
  private static final Duration EACH =
      Duration.ofMinutes(Long.getLong("soak.minutes", 10)).dividedBy(2);
  private static final int ROUNDS = 20;
  private static final int WARM_UP = 5;
  private static final int WORKERS = 8;
  private static final int SESSIONS = 12_500;

  @ParameterizedTest
  @EnumSource
  void churn_losesNoBindingNoCountNoPlaceAndNoHeap(TableKind kind) throws InterruptedException {
    StickySession session = ChurnTest.SLIDING;
    Churn churn = new Churn(Load.churn(WORKERS, 2 * SESSIONS), session, 0, kind.tables(session));
    double[] heap = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      churn.run(round, lasting(EACH.dividedBy(ROUNDS)));
      churn.assertNoPlaceIsLost(kind.share);
      heap[round] = usedHeap();
    }

    double growth = growth(heap);
    System.out.printf(
        "%s: %s, heap %,.0f bytes, growth %.3f %%%n", kind, churn, heap[ROUNDS - 1], 100 * growth);
    assertThat(growth).as("growth of the heap").isLessThan(0.01);
  }

  @ParameterizedTest
  @EnumSource
  void churn_ofAnySessionsFromAnyTime(TableKind kind) throws InterruptedException {
    for (StickySession session :
        List.of(ChurnTest.SLIDING, ChurnTest.LIMITED, ChurnTest.ABSOLUTE)) {
      for (long start : ChurnTest.STARTS) {
        Churn churn =
            new Churn(Load.churn(WORKERS, SESSIONS), session, start, kind.tables(session));
        churn.run(start, ChurnTest.calls(4_000_000));
        churn.assertNoPlaceIsLost(kind.share);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void poolThatChangesForAMinute_movesOnlySessionsWhoseBackendCannotServe(TableKind kind)
      throws InterruptedException {
    StickySession session = ChurnTest.SLIDING;
    Churn churn = new Churn(Load.changes(WORKERS, SESSIONS), session, 0, kind.tables(session));

    churn.run(1, lasting(Duration.ofMinutes(1)));

    System.out.printf("%s: %s, %s changes%n", kind, churn, churn.changes());
    assertThat(churn.count(Outcome.NEW)).isLessThanOrEqualTo((long) WORKERS * SESSIONS);
    assertThat(churn.count(Outcome.HASHED)).isZero();
    assertThat(churn.count(Outcome.MOVED)).isPositive();
  }

  private static BooleanSupplier lasting(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    return () -> System.nanoTime() - end < 0;
  }

  private static double usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** {@return by which share the heap grew since the warm-up, by a line through all its sizes} */
  private static double growth(double[] heap) {
    int count = heap.length - WARM_UP;
    double middle = (count - 1) / 2.0;
    double sum = 0;
    double moment = 0;
    double inertia = 0;
    for (int i = 0; i < count; i++) {
      sum += heap[WARM_UP + i];
      moment += (i - middle) * heap[WARM_UP + i];
      inertia += (i - middle) * (i - middle);
    }
    return moment / inertia * (count - 1) / (sum / count);
  }
}
