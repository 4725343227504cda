package dev.limpet.benchmarks;

import dev.limpet.core.Backend;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The backends of benchmarks, web0, web1, …: always the same for the same number. */
final class Backends {
  private static final int SEED = 42;
  private static final int PORT = 8080;

  private Backends() {}

  /** Returns backends of weight 1. */
  static List<Backend> equal(int count) {
    return IntStream.range(0, count).mapToObj(Backends::numbered).toList();
  }

  /** Returns backends of random weights. */
  static List<Backend> weighted(int count) {
    Random weights = new Random(SEED);
    return equal(count).stream()
        .map(backend -> backend.withWeight(1 + weights.nextInt(Backend.MAX_WEIGHT)))
        .toList();
  }

  private static Backend numbered(int i) {
    return Backend.of("web" + i, "10.0." + i / 256 + '.' + i % 256, PORT);
  }
}
