package dev.limpet.benchmarks;

import dev.limpet.core.Backend;
import dev.limpet.core.PoolEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Backends and visitors.
 *
 * @param name a description
 * @param backends the backends at the beginning
 * @param addresses the number of addresses that visitors share; 0 if each session has its own key
 * @param after when the pool changes, in seconds
 * @param change the first change
 * @param until when the pool changes again, in seconds
 * @param back the second change
 */
record FairnessScenario(
    String name,
    List<Backend> backends,
    int addresses,
    int after,
    Consumer<PoolEdit> change,
    int until,
    Consumer<PoolEdit> back) {
  private static final int BACKENDS = 10;
  private static final int CHANGE = 50 * 60;
  private static final int BACK = 60 * 60;

  static List<FairnessScenario> all() {
    List<Backend> equal = Backends.equal(BACKENDS);
    return List.of(
        unchanged("equal weights", equal, 0),
        unchanged("weights 8, 4, 2 and 1", weighted(equal), 0),
        unchanged("2,000 shared addresses", equal, 2_000),
        changing(
            "a backend joins",
            equal,
            e -> e.add(Backends.equal(BACKENDS + 1).get(BACKENDS)),
            e -> {}),
        changing("a backend is down for 10 min", equal, e -> e.down("web5"), e -> e.up("web5")));
  }

  boolean hasEqualWeights() {
    return backends.stream().map(Backend::weight).distinct().count() == 1;
  }

  private static FairnessScenario unchanged(String name, List<Backend> backends, int addresses) {
    return new FairnessScenario(name, backends, addresses, CHANGE, e -> {}, BACK, e -> {});
  }

  private static FairnessScenario changing(
      String name, List<Backend> backends, Consumer<PoolEdit> change, Consumer<PoolEdit> back) {
    return new FairnessScenario(name, backends, 0, CHANGE, change, BACK, back);
  }

  private static List<Backend> weighted(List<Backend> equal) {
    List<Backend> backends = new ArrayList<>();
    for (Backend backend : equal) {
      backends.add(backend.withWeight(8 >> (backends.size() % 4)));
    }
    return backends;
  }
}
