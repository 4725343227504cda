package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FairCycleProperties {

  @Property
  void everyPrefixIsWithinOneTurnOfTheFairShare(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 256) Integer> weights) {
    assertFair(array(weights));
  }

  @Property
  void fewSmallWeights(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 5) Integer> weights) {
    assertFair(array(weights));
  }

  @Property
  void oneHeavyAmongLight(
      @ForAll @IntRange(min = 1, max = 200) int light,
      @ForAll @IntRange(min = 1, max = 256) int heavy) {
    int[] weights = new int[light + 1];
    Arrays.fill(weights, 1);
    weights[light / 2] = heavy;
    assertFair(weights);
  }

  @Property
  void everyBackendHasItsWeightInTheShortestCycle(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 256) Integer> weights) {
    int[] expected = array(weights);
    int divisor = 256;
    while (!divides(divisor, expected)) {
      divisor--;
    }

    int[] turns = new int[expected.length];
    for (int backend : FairCycle.of(expected)) {
      turns[backend]++;
    }

    int shared = divisor;
    assertThat(turns)
        .isEqualTo(Arrays.stream(expected).map(weight -> weight / shared).toArray());
  }

  @Property
  void multipliedWeightsGiveTheSameCycle(
      @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 32) Integer> weights,
      @ForAll @IntRange(min = 1, max = 8) int factor) {
    int[] once = array(weights);
    int[] often = Arrays.stream(once).map(weight -> weight * factor).toArray();
    assertThat(FairCycle.of(often)).isEqualTo(FairCycle.of(once));
  }

  /** Of cycles that are too long to look for the least deviation. */
  @Property(tries = 20)
  void everyTurnOfALongCycleIsTakenByTheOneThatIsDueFirst(
      @ForAll @Size(min = 60, max = 80) List<@IntRange(min = 150, max = 256) Integer> given) {
    int[] weights = array(given);
    weights[0] = 1;
    int total = Arrays.stream(weights).sum();
    int[] taken = new int[weights.length];
    int[] cycle = FairCycle.of(weights);
    assertThat(cycle).hasSize(total).hasSizeGreaterThan(FairCycle.LONGEST_LEVEL);
    for (int t = 0; t < cycle.length; t++) {
      int now = t;
      long earliest = IntStream.range(0, weights.length)
          .filter(i -> (long) taken[i] * total < (now + 1L) * weights[i]
              && (long) taken[i] * total / weights[i] <= now)
          .mapToLong(i -> due(taken[i], total, weights[i]))
          .min()
          .orElseThrow();
      if (due(taken[cycle[t]], total, weights[cycle[t]]) != earliest) {
        throw new AssertionError("turn " + t + " is not due first");
      }
      taken[cycle[t]]++;
    }
  }

  @Example
  void thousandBackends() {
    Random random = new Random(1);
    assertFair(random.ints(1_000, 1, 257).toArray());
  }

  @Example
  void tenThousandBackendsOfLittleWeight() {
    Random random = new Random(2);
    assertTurnsOnTime(random.ints(10_000, 1, 4).toArray());
  }

  @Example
  void largestPoolOfLargestWeights() {
    int[] weights = new Random(3).ints(Pool.MAX_SIZE, 200, 257).toArray();
    weights[0] = 1;
    assertTurnsOnTime(weights);
  }

  /** The turns of any backend at any t are less than one from t * weight / total. */
  private static void assertFair(int[] weights) {
    long total = Arrays.stream(weights).sum();
    long[] turns = new long[weights.length];
    int[] cycle = FairCycle.of(weights);
    for (int t = 1; t <= cycle.length; t++) {
      turns[cycle[t - 1]]++;
      for (int i = 0; i < weights.length; i++) {
        if (Math.abs(turns[i] * total - t * (long) weights[i]) >= total) {
          throw new AssertionError("backend " + i + " has " + turns[i] + " turns of " + t);
        }
      }
    }
  }

  /** The same, in time that does not depend on the number of backends: turn by turn. */
  private static void assertTurnsOnTime(int[] weights) {
    long total = Arrays.stream(weights).sum();
    int[] taken = new int[weights.length];
    int[] cycle = FairCycle.of(weights);
    for (int t = 0; t < cycle.length; t++) {
      int i = cycle[t];
      if (t < (long) taken[i] * total / weights[i] || t > due(taken[i], total, weights[i])) {
        throw new AssertionError("turn " + taken[i] + " of backend " + i + " at " + t);
      }
      taken[i]++;
    }
    long divisor = total / cycle.length;
    assertThat(taken)
        .isEqualTo(Arrays.stream(weights).map(w -> (int) (w / divisor)).toArray());
  }

  /** The last t at which the turn does not leave the backend a whole turn behind. */
  private static long due(int taken, long total, int weight) {
    return ((taken + 1L) * total + weight - 1) / weight - 1;
  }

  private static boolean divides(int divisor, int[] weights) {
    return Arrays.stream(weights).allMatch(weight -> weight % divisor == 0);
  }

  private static int[] array(List<Integer> weights) {
    return weights.stream().mapToInt(Integer::intValue).toArray();
  }
}
