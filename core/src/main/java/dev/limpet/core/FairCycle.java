package dev.limpet.core;

import java.util.Arrays;

/** Computes one cycle of a fair weighted round robin. Used by one thread, once. */
final class FairCycle {
  /*
   * In a cycle of S turns, a backend of weight w should have had t * w / S turns after turn t. Its
   * deviation from that, times S, is a whole number. To keep the deviation within a bound b, turn k
   * of the backend (from 0) must not be taken before its release time ((k + 1) * S - b) / w - 1,
   * rounded up, nor after its due time (k * S + b) / w, rounded down. Always taking the released
   * turn with the earliest due time meets all due times if that is possible at all. So the least
   * bound is found by trying [1]. The first turn puts its backend ahead by S - w, so no bound is
   * less than that of the greatest weight. That bound is usually feasible and is tried first.
   * Otherwise, a binary search finds the least bound up to S - 1, which is always feasible [2].
   *
   * A long cycle uses the bound S - 1, which is less than one turn. That takes one attempt instead
   * of many.
   *
   * All times are whole numbers less than S. So both queues are arrays that are indexed by time,
   * with a list of backends for each, and a bitmap of the due times finds the earliest.
   *
   * [1] Steiner and Yeomans, Level Schedules for Mixed-Model, Just-in-Time Processes, Management
   * Science 39 (1993) 728-735
   * [2] Tijdeman, The Chairman Assignment Problem, Discrete Mathematics 32 (1980) 323-330
   */

  /** The maximum number of turns of a cycle whose greatest deviation is the least possible. */
  static final int LONGEST_LEVEL = 8_192;

  private static final int NONE = -1;

  private final int[] weights;
  private final int turns;
  private final int[] cycle;
  private final int[] taken;
  private final int[] firstReleased;
  private final int[] firstDue;
  private final int[] following;
  private final long[] dueTimes;
  private int bound;

  private FairCycle(int[] weights, int turns) {
    this.weights = weights;
    this.turns = turns;
    this.cycle = new int[turns];
    this.taken = new int[weights.length];
    this.following = new int[weights.length];
    this.firstReleased = new int[turns];
    this.firstDue = new int[turns];
    this.dueTimes = new long[(turns + Long.SIZE - 1) / Long.SIZE];
  }

  /**
   * {@return the cycle, as indexes into the weights}
   *
   * @param weights positive numbers
   */
  static int[] of(int[] weights) {
    int divisor = Arrays.stream(weights).reduce(0, FairCycle::greatestCommonDivisor);
    int[] reduced = Arrays.stream(weights).map(weight -> weight / divisor).toArray();
    return new FairCycle(reduced, Arrays.stream(reduced).sum()).compute();
  }

  private int[] compute() {
    int low = turns - Arrays.stream(weights).max().orElseThrow();
    if (turns > LONGEST_LEVEL) {
      fill(turns - 1);
    } else if (!fill(low)) {
      fill(leastAbove(low));
    }
    return cycle;
  }

  private int leastAbove(int missed) {
    int low = missed + 1;
    int high = turns - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (fill(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  /**
   * Fills the cycle so that no backend deviates by more than a bound. Returns whether that was
   * possible.
   */
  private boolean fill(int within) {
    begin(within);
    for (int t = 0; t < turns; t++) {
      release(t);
      int backend = popEarliestDue(t);
      if (backend == NONE || isDue(t)) {
        return false;
      }
      cycle[t] = backend;
      if (++taken[backend] < weights[backend]) {
        push(firstReleased, Math.max(released(backend), t + 1), backend);
      }
    }
    return true;
  }

  private void begin(int within) {
    bound = within;
    Arrays.fill(taken, 0);
    Arrays.fill(firstReleased, NONE);
    Arrays.fill(firstDue, NONE);
    Arrays.fill(dueTimes, 0);
    for (int backend = weights.length - 1; backend >= 0; backend--) {
      push(firstReleased, released(backend), backend);
    }
  }

  private void release(int t) {
    int backend = firstReleased[t];
    while (backend != NONE) {
      int next = following[backend];
      int due = due(backend);
      push(firstDue, due, backend);
      dueTimes[due / Long.SIZE] |= 1L << due;
      backend = next;
    }
  }

  /**
   * {@return the backend whose turn is due first, which is removed; NONE if no turn is released}
   */
  private int popEarliestDue(int t) {
    int block = t / Long.SIZE;
    while (block < dueTimes.length && dueTimes[block] == 0) {
      block++;
    }
    if (block == dueTimes.length) {
      return NONE;
    }
    int due = block * Long.SIZE + Long.numberOfTrailingZeros(dueTimes[block]);
    int backend = firstDue[due];
    firstDue[due] = following[backend];
    if (firstDue[due] == NONE) {
      dueTimes[block] &= ~(1L << due);
    }
    return backend;
  }

  private boolean isDue(int t) {
    return firstDue[t] != NONE;
  }

  /** {@return the release time of the backend's next turn} */
  private int released(int backend) {
    return (int) (((taken[backend] + 1L) * turns - bound - 1) / weights[backend]);
  }

  /** {@return the due time of the backend's next turn} */
  private int due(int backend) {
    return (int) (((long) taken[backend] * turns + bound) / weights[backend]);
  }

  private void push(int[] first, int time, int backend) {
    following[backend] = first[time];
    first[time] = backend;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return (b == 0) ? a : greatestCommonDivisor(b, a % b);
  }
}
