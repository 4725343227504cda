package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cycles whose greatest deviation is the least possible. Deviations are in turns, times the turns
 * of the cycle: so they are whole numbers.
 */
class LevelCycleTest {
  private static final int NOT_YET = Integer.MAX_VALUE;

  @ParameterizedTest
  @CsvSource({"1, 9", "2, 12", "3, 8", "4, 6", "5, 4", "6, 3"})
  void greatestDeviation_isTheLeastThatAnyOrderOfTurnsHas(int backends, int greatestWeight) {
    for (int[] weights : ascending(backends, greatestWeight)) {
      assertThat(greatestDeviation(weights, FairCycle.of(weights)))
          .as(Arrays.toString(weights))
          .isEqualTo(leastDeviation(weights));
    }
  }

  @Test
  void greatestDeviation_isNeverMoreThanThatOfSmoothWeightedRoundRobin() {
    Random random = new Random(16);
    for (int round = 0; round < 200; round++) {
      int[] weights = withoutDivisor(
          random.ints(2 + random.nextInt(12), 1, 2 + random.nextInt(256)).toArray());
      assertThat(greatestDeviation(weights, FairCycle.of(weights)))
          .as(Arrays.toString(weights))
          .isLessThanOrEqualTo(greatestDeviation(weights, smooth(weights)));
    }
  }

  @Test
  void turnsThatFollowEachOther_areWithinTwoTurnsOfTheirShareWhereverTheyBegin() {
    Random random = new Random(17);
    for (int round = 0; round < 200; round++) {
      int[] weights = withoutDivisor(
          random.ints(1 + random.nextInt(40), 1, 2 + random.nextInt(256)).toArray());
      int[] cycle = FairCycle.of(weights);
      assertThat(IntStream.range(0, weights.length)
              .mapToObj(backend -> Arrays.stream(deviations(weights, cycle, backend)))
              .map(IntStream::summaryStatistics)
              .mapToInt(off -> off.getMax() - off.getMin()))
          .as(Arrays.toString(weights))
          .allMatch(between -> between < 2 * cycle.length);
    }
  }

  @Test
  void longestLevelCycle_has8192Turns() {
    int[] level = new Random(19).ints(64, 1, 250).toArray();
    level[0] = 256;
    level[1] = 1;
    level[2] += 8_192 - Arrays.stream(level).sum();
    int[] longer = level.clone();
    longer[1]++;

    assertThat(FairCycle.of(level)).hasSize(8_192);
    assertThat(greatestDeviation(level, FairCycle.of(level))).isEqualTo(8_192 - 256);
    assertThat(FairCycle.of(longer)).hasSize(8_193);
    assertThat(greatestDeviation(longer, FairCycle.of(longer))).isBetween(8_193 - 250, 8_192);
  }

  private static int greatestDeviation(int[] weights, int[] cycle) {
    return IntStream.range(0, weights.length)
        .map(backend -> greatest(deviations(weights, cycle, backend)))
        .max()
        .orElseThrow();
  }

  private static int greatest(int[] deviations) {
    return Arrays.stream(deviations).map(Math::abs).max().orElseThrow();
  }

  /**
   * {@return how far a backend is off after each turn; none of the weights have a common divisor}
   */
  private static int[] deviations(int[] weights, int[] cycle, int backend) {
    int divisor = Arrays.stream(weights).sum() / cycle.length;
    int[] deviations = new int[cycle.length];
    int off = 0;
    for (int t = 0; t < cycle.length; t++) {
      off += ((cycle[t] == backend) ? cycle.length : 0) - weights[backend] / divisor;
      deviations[t] = off;
    }
    if (off != 0) {
      throw new AssertionError("backend " + backend + " has not its share of a cycle");
    }
    return deviations;
  }

  /** {@return the least of the greatest deviations of all orders of turns} */
  private static int leastDeviation(int[] given) {
    int[] weights = withoutDivisor(given);
    int[] least = new int[Arrays.stream(weights).reduce(1, (states, w) -> states * (w + 1))];
    Arrays.fill(least, NOT_YET);
    least[0] = 0;
    for (int state = 0; state < least.length; state++) {
      int radix = 1;
      for (int weight : weights) {
        if (state / radix % (weight + 1) < weight) {
          int next = state + radix;
          int off = Math.max(least[state], greatestDeviation(weights, next));
          least[next] = Math.min(least[next], off);
        }
        radix *= weight + 1;
      }
    }
    return least[least.length - 1];
  }

  /** {@return the greatest deviation where each backend has taken as many turns as a state says} */
  private static int greatestDeviation(int[] weights, int state) {
    int[] taken = new int[weights.length];
    int rest = state;
    for (int i = 0; i < weights.length; i++) {
      taken[i] = rest % (weights[i] + 1);
      rest /= weights[i] + 1;
    }
    int turns = Arrays.stream(weights).sum();
    int t = Arrays.stream(taken).sum();
    return IntStream.range(0, weights.length)
        .map(i -> Math.abs(taken[i] * turns - t * weights[i]))
        .max()
        .orElseThrow();
  }

  /** {@return a cycle of smooth weighted round robin, which nginx uses} */
  private static int[] smooth(int[] weights) {
    int total = Arrays.stream(weights).sum();
    int[] credits = new int[weights.length];
    int[] cycle = new int[total];
    for (int t = 0; t < total; t++) {
      int best = 0;
      for (int i = 0; i < weights.length; i++) {
        credits[i] += weights[i];
        best = (credits[i] > credits[best]) ? i : best;
      }
      credits[best] -= total;
      cycle[t] = best;
    }
    return cycle;
  }

  private static List<int[]> ascending(int length, int greatest) {
    if (length == 0) {
      return List.of(new int[0]);
    }
    List<int[]> all = new ArrayList<>();
    for (int[] shorter : ascending(length - 1, greatest)) {
      int least = (shorter.length == 0) ? 1 : shorter[shorter.length - 1];
      for (int last = least; last <= greatest; last++) {
        int[] longer = Arrays.copyOf(shorter, length);
        longer[length - 1] = last;
        all.add(longer);
      }
    }
    return all;
  }

  private static int[] withoutDivisor(int[] weights) {
    int shared = Arrays.stream(weights).min().orElseThrow();
    while (!divides(shared, weights)) {
      shared--;
    }
    int divisor = shared;
    return Arrays.stream(weights).map(weight -> weight / divisor).toArray();
  }

  private static boolean divides(int divisor, int[] weights) {
    return Arrays.stream(weights).allMatch(weight -> weight % divisor == 0);
  }
}
