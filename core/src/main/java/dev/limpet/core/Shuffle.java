package dev.limpet.core;

import dev.limpet.core.internal.SplitMix;

/** Orders the turns of each round anew, at random. Immutable. */
final class Shuffle {
  /*
   * Swap or not [1]. In each step a turn changes places with its mirror image about a random
   * number, or both stay, as a coin says that depends on both alike. So each step is a permutation
   * of the turns, however many there are, and nothing is kept or allocated for it. A turn that
   * changes places in any step may be anywhere then, each place as likely: it stays in all of them
   * only once in 2^STEPS.
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

  /** {@return which turn is taken at a place of a round} */
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

  /** {@return all bits or none, each as likely} */
  private static int coin(long drawn, int pair) {
    return (int) (SplitMix.mix(drawn ^ pair) >> (Long.SIZE - 1));
  }
}
