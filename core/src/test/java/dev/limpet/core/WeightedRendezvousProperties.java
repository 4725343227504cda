package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WeightedRendezvousProperties {
  private static final int KEYS = 400_000;

  @Property
  void choiceDependsOnNamesAndWeightsOnly(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 256) Integer> weights,
      @ForAll long key,
      @ForAll Random random) {
    List<Backend> backends = backends(weights);
    List<Backend> shuffled = new ArrayList<>();
    backends.forEach(b -> shuffled.add(b.withAddress("elsewhere", 1 + random.nextInt(9))));
    Collections.shuffle(shuffled, random);

    assertThat(choose(shuffled, key).name()).isEqualTo(choose(backends, key).name());
  }

  @Property
  void addedBackend_takesKeysOnlyForItself(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 256) Integer> weights,
      @ForAll @IntRange(min = 1, max = 256) int weight,
      @ForAll long seed) {
    List<Backend> before = backends(weights);
    List<Backend> after = new ArrayList<>(before);
    Backend added = Backend.of("added", "host", 1).withWeight(weight);
    after.add(new Random(seed).nextInt(after.size() + 1), added);

    new SplittableRandom(seed)
        .longs(50)
        .forEach(key -> assertThat(choose(after, key)).isIn(choose(before, key), added));
  }

  @Property
  void heavierBackend_takesKeysOnlyForItself(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 255) Integer> weights,
      @ForAll long seed) {
    List<Backend> before = backends(weights);
    int index = new Random(seed).nextInt(before.size());
    List<Backend> after = new ArrayList<>(before);
    after.set(index, before.get(index).withWeight(256));

    new SplittableRandom(seed)
        .longs(50)
        .forEach(key -> assertThat(choose(after, key).name())
            .isIn(choose(before, key).name(), before.get(index).name()));
  }

  @Property
  void excludedBackends_areNeverChosenAndTheOthersAreAsIfAlone(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 256) Integer> weights,
      @ForAll Set<@IntRange(max = 11) Integer> excluded,
      @ForAll long key) {
    List<Backend> backends = backends(weights);
    List<Backend> left = new ArrayList<>();
    for (int i = 0; i < backends.size(); i++) {
      if (!excluded.contains(i)) {
        left.add(backends.get(i));
      }
    }

    Backend chosen = new Rendezvous(backends).choose(key, b -> !left.contains(b));

    assertThat(chosen).isEqualTo(left.isEmpty() ? null : choose(left, key));
  }

  @Tag("slow")
  @Property(tries = 5, seed = "1")
  void weightsHoldWithinFiveSigma(
      @ForAll @Size(min = 2, max = 12) List<@IntRange(min = 1, max = 256) Integer> weights,
      @ForAll long seed) {
    assertSpread(backends(weights), new SplittableRandom(seed).longs(KEYS).toArray());
  }

  @Example
  void weightsHold_forKeysInARow() {
    long[] keys = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = i + 1L;
    }
    assertSpread(backends(List.of(5, 1, 1, 3, 10)), keys);
  }

  @Tag("long")
  @Example
  void weightsHold_whereTheSpreadOfHundredsIsSeen() {
    List<Integer> weights = Collections.nCopies(300, 7);
    assertSpread(backends(weights), new SplittableRandom(7).longs(KEYS).toArray());
  }

  @Example
  void keysOfALostBackend_goToTheOthersByWeight() {
    List<Backend> before = backends(List.of(5, 1, 1, 3, 10));
    Backend lost = before.get(4);
    long[] keys = new SplittableRandom(3)
        .longs(2L * KEYS)
        .filter(key -> choose(before, key).equals(lost))
        .toArray();
    assertSpread(before.subList(0, 4), keys);
  }

  @Example
  void requestsWithoutKey_areSpreadByWeight() {
    List<Backend> backends = backends(List.of(5, 1, 1));
    assertSpread(backends, new long[KEYS]);
  }

  /** These are the same in every version: proxies of different versions agree. */
  @Example
  void choicesAreTheSameInEveryVersion() {
    List<Backend> backends = backends(List.of(1, 2, 3, 5, 8, 13, 100, 256));
    StringBuilder chosen = new StringBuilder();
    for (long key = 1; key <= 20; key++) {
      chosen.append(choose(backends, key * 0x9E3779B97F4A7C15L).name().substring(3));
      chosen.append(choose(backends.subList(0, 6), -key).name().substring(3)).append(' ');
    }
    assertThat(chosen.toString().trim())
        .isEqualTo("65 74 75 74 75 61 75 75 54 75 65 75 75 64 74 70 64 72 74 63");
  }

  @Example
  void generationsOfABackend_areDifferentBackends() {
    List<Backend> before = backends(List.of(1, 1, 1, 1));
    List<Backend> after = new ArrayList<>(before);
    after.set(0, before.get(0).withGeneration("2"));
    long moved = new SplittableRandom(5)
        .longs(10_000)
        .filter(key -> choose(before, key).equals(before.get(0)))
        .filter(key -> !choose(after, key).equals(after.get(0)))
        .count();
    assertThat(moved).isBetween(1_377L, 1_623L);
  }

  private static void assertSpread(List<Backend> backends, long[] keys) {
    Picker picker = new WeightedRendezvous().picker(backends, List.of());
    Map<Backend, Integer> chosen = new HashMap<>();
    for (long key : keys) {
      chosen.merge(picker.pick(key), 1, Integer::sum);
    }
    double total = backends.stream().mapToInt(Backend::weight).sum();
    for (Backend backend : backends) {
      double share = backend.weight() / total;
      double sigma = Math.sqrt(keys.length * share * (1 - share));
      assertThat(chosen.getOrDefault(backend, 0) - keys.length * share)
          .as(backend.toString())
          .isBetween(-5 * sigma, 5 * sigma);
    }
  }

  private static Backend choose(List<Backend> backends, long key) {
    return new Rendezvous(backends).choose(key, any -> false);
  }

  private static List<Backend> backends(List<Integer> weights) {
    List<Backend> backends = new ArrayList<>();
    for (int weight : weights) {
      backends.add(Backend.of("web" + backends.size(), "10.0.0.1", 80).withWeight(weight));
    }
    return backends;
  }
}
