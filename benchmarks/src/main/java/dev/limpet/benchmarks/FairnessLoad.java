package dev.limpet.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the requests of each backend in each stretch of time, and knows the shares that the
 * weights entitle it to. For one thread.
 */
final class FairnessLoad {
  private final List<Stretch> stretches = new ArrayList<>();

  /** Begins a stretch in which backends of these weights take new sessions. */
  void begin(Map<String, Integer> weights) {
    stretches.add(new Stretch(weights));
  }

  /** Counts a request in the current stretch. */
  void add(String backend) {
    stretches.get(stretches.size() - 1).requests.merge(backend, 1, Integer::sum);
  }

  List<Stretch> stretches() {
    return stretches;
  }

  /**
   * {@return the load of several stretches as if they were one, by the weights of the first one}
   *
   * @param first the first stretch
   * @param end the stretch after the last one
   */
  Stretch together(int first, int end) {
    Stretch all = new Stretch(stretches.get(first).weights);
    stretches
        .subList(first, end)
        .forEach(stretch -> stretch.requests.forEach(
            (id, requests) -> all.requests.merge(id, requests, Integer::sum)));
    return all;
  }

  /** A stretch of time, some seconds long. */
  static final class Stretch {
    private final Map<String, Integer> weights;
    private final Map<String, Integer> requests = new TreeMap<>();

    private Stretch(Map<String, Integer> weights) {
      this.weights = weights;
    }

    /** {@return the backends that had requests} */
    Set<String> backends() {
      return requests.keySet();
    }

    /** {@return the number of requests of a backend} */
    int requests(String backend) {
      return requests.getOrDefault(backend, 0);
    }

    /**
     * {@return the load of a backend that takes new sessions: 1 if it had its share of all
     * requests}
     */
    double load(String backend) {
      double total = requests.values().stream().mapToInt(Integer::intValue).sum();
      double sum = weights.values().stream().mapToInt(Integer::intValue).sum();
      return requests(backend) * sum / (total * weights.getOrDefault(backend, 0));
    }

    /** {@return the greatest load} */
    double peak() {
      return Arrays.stream(loads()).max().orElse(0);
    }

    /** {@return the least load} */
    double least() {
      return Arrays.stream(loads()).min().orElse(0);
    }

    /** {@return the coefficient of variation of the loads} */
    double variation() {
      double[] loads = loads();
      double mean = Arrays.stream(loads).average().orElse(0);
      double variance = Arrays.stream(loads)
          .map(load -> (load - mean) * (load - mean))
          .average()
          .orElse(0);
      return Math.sqrt(variance) / mean;
    }

    private double[] loads() {
      return weights.keySet().stream().mapToDouble(this::load).toArray();
    }
  }
}
