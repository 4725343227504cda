package dev.limpet.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scales weights of any range to those that a pool accepts, in proportion. Immutable. */
final class WeightScale {
  private final Map<Backend, Long> weights;
  private final long greatest;

  private WeightScale(Map<Backend, Long> weights) {
    this.weights = weights;
    this.greatest = weights.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /**
   * {@return the scale for the given weights}
   *
   * @throws FaultException if a weight is negative
   */
  static WeightScale of(Map<Backend, Long> weights) {
    Map<Backend, Long> copy = new LinkedHashMap<>(weights);
    check(copy);
    WeightScale given = new WeightScale(copy);
    return given.fits() ? given : given.divided();
  }

  List<Backend> backends() {
    return weights.entrySet().stream()
        .map(entry -> entry.getKey().withWeight(scaled(entry.getValue())))
        .toList();
  }

  private static void check(Map<Backend, Long> weights) {
    List<Fault> faults = new ArrayList<>();
    weights.forEach((backend, weight) -> {
      if (weight < 0) {
        faults.add(Fault.of("weight of " + backend.name(), weight, "0 or more"));
      }
    });
    if (!faults.isEmpty()) {
      throw new FaultException(faults);
    }
  }

  private boolean fits() {
    return greatest <= Backend.MAX_WEIGHT;
  }

  /** {@return the weights divided by their greatest common divisor, which keeps them exact} */
  private WeightScale divided() {
    long divisor = weights.values().stream().reduce(0L, WeightScale::gcd);
    Map<Backend, Long> divided = new LinkedHashMap<>(weights);
    divided.replaceAll((backend, weight) -> weight / divisor);
    return new WeightScale(divided);
  }

  private int scaled(long weight) {
    if (fits() || weight == 0) {
      return (int) weight;
    }
    return (int) Math.max(1, Math.round((double) weight / greatest * Backend.MAX_WEIGHT));
  }

  private static long gcd(long a, long b) {
    return (b == 0) ? a : gcd(b, a % b);
  }
}
