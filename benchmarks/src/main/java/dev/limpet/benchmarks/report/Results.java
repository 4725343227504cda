package dev.limpet.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Results of JMH.
 *
 * @param all in the order in which they were read
 */
record Results(List<Result> all) {

  /** Returns the results that have a value in a dimension. */
  Results with(String dimension, Object value) {
    return new Results(
        all.stream().filter(r -> r.value(dimension).equals(value.toString())).toList());
  }

  Results of(String benchmark) {
    return with(Result.BENCHMARK, benchmark);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Returns the median time of an operation in nanoseconds, or NaN if it was not measured. */
  double nanos() {
    return median(Result::nanos);
  }

  /** Returns the median of the bytes that an operation allocates, or NaN as {@link #nanos} does. */
  double bytes() {
    return median(Result::bytes);
  }

  /** Returns the values of a dimension: numbers by size, others as they were read. */
  List<String> values(String dimension) {
    List<String> values = all.stream().map(r -> r.value(dimension)).distinct().toList();
    Stream<String> stream = values.stream();
    return values.stream().allMatch(Numbers::isWhole)
        ? stream.sorted(Comparator.comparingLong(Long::parseLong)).toList()
        : values;
  }

  private double median(Function<Result, @Nullable Spread> what) {
    List<Double> medians =
        all.stream().map(what).filter(Objects::nonNull).map(Spread::median).toList();
    return medians.isEmpty() ? Double.NaN : Spread.of(medians).median();
  }
}
