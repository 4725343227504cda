package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class WeightScaleProperties {

  @Provide
  Arbitrary<Long> weights() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, Long.MAX_VALUE),
        Arbitraries.longs().between(0, 300),
        Arbitraries.longs().between(1, 20).map(weight -> weight * 1_000),
        Arbitraries.longs().between(Long.MAX_VALUE - 5, Long.MAX_VALUE));
  }

  @Property
  void orderAndBackendsStay(@ForAll @Size(max = 20) List<@From("weights") Long> weights) {
    Map<Backend, Long> given = byBackend(weights);

    List<Backend> scaled = Backend.scaled(given);

    assertThat(scaled.stream().map(backend -> backend.withWeight(1)).toList())
        .isEqualTo(List.copyOf(given.keySet()));
  }

  @Property
  void aHigherWeightIsNeverScaledToALowerOne(
      @ForAll @Size(max = 20) List<@From("weights") Long> weights) {
    List<Integer> scaled = scaled(weights);

    for (int i = 0; i < scaled.size(); i++) {
      for (int j = 0; j < scaled.size(); j++) {
        if (weights.get(i) <= weights.get(j)) {
          assertThat(scaled.get(i)).isLessThanOrEqualTo(scaled.get(j));
        }
      }
    }
  }

  @Property
  void onlyZeroIsScaledToZero(@ForAll @Size(max = 20) List<@From("weights") Long> weights) {
    List<Integer> scaled = scaled(weights);

    for (int i = 0; i < scaled.size(); i++) {
      assertThat(scaled.get(i) == 0).isEqualTo(weights.get(i) == 0);
      assertThat(scaled.get(i)).isBetween(0, 256);
    }
  }

  @Property
  void aScaledWeightIsWithinOneOfTheExactProportionToTheHighest(
      @ForAll @Size(min = 1, max = 20) List<@From("weights") Long> weights) {
    List<Integer> scaled = scaled(weights);
    BigInteger highest = BigInteger.valueOf(Collections.max(weights));
    BigInteger highestScaled = BigInteger.valueOf(Collections.max(scaled));

    for (int i = 0; i < scaled.size(); i++) {
      BigInteger exact = BigInteger.valueOf(weights.get(i)).multiply(highestScaled);
      BigInteger found = BigInteger.valueOf(scaled.get(i)).multiply(highest);
      assertThat(found.subtract(exact).abs()).isLessThanOrEqualTo(highest);
    }
  }

  @Property
  void weightsOfUpTo256Stay(@ForAll @Size(max = 20) List<@LongRange(max = 256) Long> weights) {
    assertThat(scaled(weights)).isEqualTo(weights.stream().map(Long::intValue).toList());
  }

  @Property
  void weightsWithACommonDivisorThatLeavesSmallOnesAreExact(
      @ForAll @Size(min = 1, max = 20) List<@LongRange(min = 1, max = 256) Long> weights,
      @ForAll @LongRange(min = 257, max = Long.MAX_VALUE / 256) long factor) {
    List<Integer> scaled =
        scaled(weights.stream().map(weight -> weight * factor).toList());

    for (int i = 0; i < scaled.size(); i++) {
      assertThat(scaled.get(i) * weights.get(0)).isEqualTo(scaled.get(0) * weights.get(i));
    }
  }

  @Example
  void examples() {
    assertThat(scaled(List.of())).isEmpty();
    assertThat(scaled(List.of(0L, 0L))).containsExactly(0, 0);
    assertThat(scaled(List.of(2L, 4L, 256L))).containsExactly(2, 4, 256);
    assertThat(scaled(List.of(100L, 200L, 300L))).containsExactly(1, 2, 3);
    assertThat(scaled(List.of(0L, 1_000L, 3_000L))).containsExactly(0, 1, 3);
    assertThat(scaled(List.of(257L, 128L, 1L))).containsExactly(256, 128, 1);
    assertThat(scaled(List.of(1_000L, 333L, 1L, 0L))).containsExactly(256, 85, 1, 0);
    assertThat(scaled(List.of(Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L)))
        .containsExactly(256, 256, 1);
    assertThat(scaled(List.of(Long.MAX_VALUE))).containsExactly(1);
  }

  @Example
  void scaledBackendsKeepWhatElseTheyAre() {
    Backend backend = backend("a", 9).withTier(3).withAttachment("x").withScheme("https");

    Backend scaled = Backend.scaled(Map.of(backend, 300L, backend("b"), 150L)).stream()
        .filter(one -> one.id().equals("a"))
        .findFirst()
        .orElseThrow();

    assertThat(scaled).isEqualTo(backend.withWeight(2));
    assertThat(scaled.attachment()).isEqualTo("x");
    assertThatThrownBy(() -> Backend.scaled(Map.of()).add(backend))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Example
  void negativeWeightsAreRefusedTogether() {
    Map<Backend, Long> weights = new LinkedHashMap<>();
    weights.put(backend("a"), -1L);
    weights.put(backend("b"), 1L);
    weights.put(backend("c").withGeneration("2"), Long.MIN_VALUE);

    assertThatThrownBy(() -> Backend.scaled(weights))
        .isInstanceOf(FaultException.class)
        .hasMessage("weight of a: -1 (expected: 0 or more);"
            + " weight of c@2: -9223372036854775808 (expected: 0 or more)");
    assertThatNullPointerException().isThrownBy(() -> Backend.scaled(null));
  }

  private static List<Integer> scaled(List<Long> weights) {
    return Backend.scaled(byBackend(weights)).stream().map(Backend::weight).toList();
  }

  private static Map<Backend, Long> byBackend(List<Long> weights) {
    Map<Backend, Long> backends = new LinkedHashMap<>();
    for (int i = 0; i < weights.size(); i++) {
      backends.put(backend("b" + (weights.size() - i)), weights.get(i));
    }
    return backends;
  }
}
