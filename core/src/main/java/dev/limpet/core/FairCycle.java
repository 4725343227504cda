package dev.limpet.core;

import java.util.Arrays;

/** Computes the turns of one cycle of a fair weighted round robin. For one thread, once. */
final class FairCycle {
  /*
   * Of a cycle of S turns, a backend of weight w should have had t * w / S after t turns. Its turn k
   * (from 0) is released at the first t that does not put it a whole turn ahead, floor(k * S / w), and
   * due at the last t that does not leave it a whole turn behind, ceil((k + 1) * S / w) - 1. Taking,
   * among the released turns, the one that is due first meets every deadline [1], so every backend
   * stays within one turn of its fair share at every t. Smooth weighted round robin, which nginx uses,
   * does not have this bound.
   *
   * All times are whole numbers below S. So both queues are arrays indexed by time with a list of
   * backends at each, and a bitmap over the deadlines finds the earliest.
   *
   * [1] Tijdeman, The Chairman Assignment Problem, Discrete Mathematics 32 (1980) 323-330
   */

  private static final int NONE = -1;

  private final int[] weights;
  private final int turns;
  private final int[] taken;
  private final int[] nextRelease;
  private final int[] firstReleased;
  private final int[] firstDue;
  private final int[] following;
  private final long[] dueTimes;

  private FairCycle(int[] weights, int turns) {
    this.weights = weights;
    this.turns = turns;
    this.taken = new int[weights.length];
    this.nextRelease = new int[weights.length];
    this.following = new int[weights.length];
    this.firstReleased = filled(turns);
    this.firstDue = filled(turns);
    this.dueTimes = new long[(turns + Long.SIZE - 1) / Long.SIZE];
  }

  /**
   * {@return the cycle as indexes into the weights}
   *
   * @param weights positive numbers
   */
  static int[] of(int[] weights) {
    int divisor = Arrays.stream(weights).reduce(0, FairCycle::greatestCommonDivisor);
    int[] reduced = Arrays.stream(weights).map(weight -> weight / divisor).toArray();
    return new FairCycle(reduced, Arrays.stream(reduced).sum()).compute();
  }

  private int[] compute() {
    for (int backend = weights.length - 1; backend >= 0; backend--) {
      push(firstReleased, 0, backend);
    }
    int[] cycle = new int[turns];
    for (int t = 0; t < turns; t++) {
      release(t);
      int backend = popEarliestDue(t);
      cycle[t] = backend;
      if (++taken[backend] < weights[backend]) {
        push(firstReleased, nextRelease[backend], backend);
      }
    }
    return cycle;
  }

  private void release(int t) {
    int backend = firstReleased[t];
    while (backend != NONE) {
      int next = following[backend];
      int due = plan(backend);
      push(firstDue, due, backend);
      dueTimes[due / Long.SIZE] |= 1L << due;
      backend = next;
    }
  }

  private int popEarliestDue(int t) {
    int block = t / Long.SIZE;
    while (dueTimes[block] == 0) {
      block++;
    }
    int due = block * Long.SIZE + Long.numberOfTrailingZeros(dueTimes[block]);
    int backend = firstDue[due];
    firstDue[due] = following[backend];
    if (firstDue[due] == NONE) {
      dueTimes[block] &= ~(1L << due);
    }
    return backend;
  }

  /** {@return when the backend's turn is due, having found when the one after that is released} */
  private int plan(int backend) {
    long shares = (taken[backend] + 1L) * turns;
    int weight = weights[backend];
    int next = (int) (shares / weight);
    nextRelease[backend] = next;
    return ((long) next * weight == shares) ? next - 1 : next;
  }

  private void push(int[] first, int time, int backend) {
    following[backend] = first[time];
    first[time] = backend;
  }

  private static int[] filled(int length) {
    int[] array = new int[length];
    Arrays.fill(array, NONE);
    return array;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return (b == 0) ? a : greatestCommonDivisor(b, a % b);
  }
}
