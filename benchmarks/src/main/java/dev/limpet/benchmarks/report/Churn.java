package dev.limpet.benchmarks.report;

import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import java.util.SplittableRandom;

/**
 * Sessions that begin, use their binding, and end at random, while about the same number is live.
 * Uses its own clock. Not safe for use by many threads.
 */
final class Churn {
  /*
   * Time advances in steps of a quarter of the duration. In each step, a quarter of the returning
   * sessions end, all others use their binding, and new ones replace those that have expired, so
   * that the number of live bindings stays as the load requires. All of this is spread over the
   * step. A session that found no slot is forgotten, because it is not part of the load.
   */

  private static final int STEPS_PER_DURATION = 4;
  private static final int PARTS_PER_STEP = 256;
  private static final int ONE_IN_LEAVES = 4;
  private static final int STEPS_PER_TURNOVER = STEPS_PER_DURATION + ONE_IN_LEAVES;
  private static final String BACKEND = "web0";

  private final CompactStickyTable table;
  private final SplittableRandom random;
  private final int live;
  private final long[] returning;
  private final int[] left = new int[STEPS_PER_DURATION];
  private int count;
  private int step;
  private long nanos;
  private long offered;
  private long overflowed;

  /**
   * Begins with an empty table.
   *
   * @param slots the table's capacity
   * @param percent the number of live sessions, in percent of the slots
   * @param seed the seed of all random choices
   */
  Churn(int slots, int percent, long seed) {
    NanoClock clock = () -> nanos;
    table = CompactStickyTable.of(StickySession.sourceIp(), slots, clock);
    random = new SplittableRandom(seed);
    live = (int) ((long) slots * percent / 100);
    returning = new long[live];
  }

  /** Replaces all sessions a number of times on average, and counts from then on. */
  void settle(int turnovers) {
    run(turnovers);
    offered = 0;
    overflowed = 0;
  }

  /** Replaces all sessions a number of times on average. */
  void run(int turnovers) {
    for (int i = 0; i < turnovers * STEPS_PER_TURNOVER; i++) {
      step();
    }
  }

  /** Returns the number of new sessions. */
  long offered() {
    return offered;
  }

  /** Returns the number of new sessions that found no slot. */
  long overflowed() {
    return overflowed;
  }

  /** Returns the number of bindings that have not expired. */
  int live() {
    int sum = count;
    for (int away : left) {
      sum += away;
    }
    return sum;
  }

  private void step() {
    left[step++ % STEPS_PER_DURATION] = 0;
    int arriving = live - live();
    int present = count;
    for (int part = 0; part < PARTS_PER_STEP; part++) {
      nanos += StickySession.DEFAULT_DURATION.toNanos() / STEPS_PER_DURATION / PARTS_PER_STEP;
      visit(share(present, part), share(present, part + 1));
      arrive(share(arriving, part + 1) - share(arriving, part));
    }
    leave(present);
  }

  private static int share(int all, int parts) {
    return (int) ((long) all * parts / PARTS_PER_STEP);
  }

  private void visit(int from, int to) {
    for (int i = from; i < to; i++) {
      if (table.lookup(returning[i]) == null) {
        throw new IllegalStateException("binding: none (expected: a live one)");
      }
    }
  }

  private void arrive(int sessions) {
    for (int bound = 0; bound < sessions; ) {
      long key = random.nextLong() | 1;
      offered++;
      if (table.bind(key, null, BACKEND, true).status() == Bound.Status.STORED) {
        returning[count++] = key;
        bound++;
      } else {
        overflowed++;
      }
    }
  }

  /** Ends some of the sessions that existed before this step. */
  private void leave(int present) {
    for (int i = present - 1; i >= 0; i--) {
      if (random.nextInt(ONE_IN_LEAVES) == 0) {
        returning[i] = returning[--count];
        left[(step - 1) % STEPS_PER_DURATION]++;
      }
    }
  }
}
