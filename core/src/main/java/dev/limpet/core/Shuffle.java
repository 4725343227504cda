package dev.limpet.core;

import dev.limpet.core.internal.SplitMix;

/** A new random order of the turns for each round. Immutable. */
final class Shuffle {
  /*
   * This is the swap-or-not shuffle [1]. In each step, a position is mirrored about a random
   * number, and a coin decides whether the two turns at these positions swap. The coin depends on
   * both positions alike. So each step is a permutation, for any number of turns, without memory or
   * allocation. A turn that is swapped in any step is then equally likely at every position. The
   * chance that it is never swapped is 1 in 2^STEPS.
   *
   * [1] Hoang, Morris and Rogaway, An Enciphering Scheme Based on a Card Shuffle, CRYPTO 2012
   */

  private static final int STEPS = 12;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long seed;
  private final int turns;

  Shuffle(long seed, int turns) {
    this.seed = seed;
    this.turns = turns;
  }

  /** {@return the turn at a position of a round} */
  int turn(long round, int place) {
    long key = SplitMix.mix(seed + round * GOLDEN);
    int at = place;
    for (int step = 0; step < STEPS; step++) {
      key += GOLDEN;
      long drawn = SplitMix.mix(key);
      int mirrored = mirrored(at, drawn);
      at ^= (at ^ mirrored) & coin(drawn, Math.max(at, mirrored));
    }
    return at;
  }

  private int mirrored(int at, long drawn) {
    int distance = (int) (((drawn >>> Integer.SIZE) * turns) >>> Integer.SIZE) - at;
    return distance + (turns & (distance >> (Integer.SIZE - 1)));
  }

  /** {@return all bits or none, with equal probability} */
  private static int coin(long drawn, int pair) {
    return (int) (SplitMix.mix(drawn ^ pair) >> (Long.SIZE - 1));
  }
}
