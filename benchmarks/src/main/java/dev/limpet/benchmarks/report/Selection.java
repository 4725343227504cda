package dev.limpet.benchmarks.report;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A selection of the measurements.
 *
 * @param all in the order in which they were read
 */
record Selection(List<Measurement> all) {

  Selection of(String benchmark) {
    return only(m -> m.benchmark().equals(benchmark));
  }

  /** Returns the measurements that have a value in a dimension. */
  Selection with(String dimension, String value) {
    return only(m -> m.value(dimension).equals(value));
  }

  Selection with(String dimension, int value) {
    return with(dimension, Integer.toString(value));
  }

  Selection only(Predicate<Measurement> condition) {
    return new Selection(all.stream().filter(condition).toList());
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * Returns the time of an operation in nanoseconds, if it was measured; the median if it was
   * measured several times.
   */
  OptionalDouble nanos() {
    return median(Measurement::nanos);
  }

  /** Returns the most bytes that an operation allocates, if they were measured. */
  OptionalDouble mostBytes() {
    return all.stream()
        .map(Measurement::bytes)
        .filter(Objects::nonNull)
        .mapToDouble(Spread::max)
        .max();
  }

  /** Returns the parameters that any of the measurements has. */
  Set<String> params() {
    Set<String> params = new LinkedHashSet<>();
    all.forEach(m -> params.addAll(m.params().keySet()));
    return params;
  }

  /**
   * Returns the values of a dimension: numbers by size, others in the order in which they were
   * read.
   */
  List<String> values(String dimension) {
    Set<String> values = new LinkedHashSet<>();
    all.forEach(m -> values.add(m.value(dimension)));
    boolean numbers = values.stream().allMatch(Numbers::isWhole);
    Stream<String> stream = values.stream();
    return (numbers ? stream.sorted(Comparator.comparingLong(Long::parseLong)) : stream).toList();
  }

  private OptionalDouble median(Function<Measurement, @Nullable Spread> what) {
    List<Double> medians =
        all.stream().map(what).filter(Objects::nonNull).map(Spread::median).toList();
    return medians.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Spread.of(medians).median());
  }
}
