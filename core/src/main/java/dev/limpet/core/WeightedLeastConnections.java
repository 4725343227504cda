package dev.limpet.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives a new session to the backend that has the fewest connections relative to its weight. The
 * pool must {@linkplain PoolBuilder#countConnections count connections}. Ties are broken at random.
 * Backends at capacity are skipped, unless all are. A pick looks at all backends. Ignores keys.
 */
public final class WeightedLeastConnections implements Balancer {

  static final String NAME = "weighted-least-connections";

  /** Makes the policy. */
  public WeightedLeastConnections() {}

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    return new LeastConnections(eligible, loads);
  }

  @Override
  public boolean needsConnections() {
    return true;
  }

  @Override
  public String name() {
    return NAME;
  }

  private static final class LeastConnections implements Picker {
    private final Backend[] backends;
    private final Load[] loads;

    LeastConnections(List<Backend> backends, List<Load> loads) {
      this.backends = backends.toArray(Backend[]::new);
      this.loads = loads.toArray(Load[]::new);
    }

    /**
     * Picks by reservoir sampling among ties: the n-th tied backend replaces the choice with
     * probability 1/n, so all are equally likely.
     */
    @Override
    public Backend pick(long key) {
      int best = 0;
      long fewest = 0;
      int alike = 0;
      for (int i = 0; i < backends.length; i++) {
        if (!loads[i].isFull(backends[i].maxConnections())) {
          long connections = loads[i].connections() + 1L;
          int order = (alike == 0) ? -1 : compare(connections, i, fewest, best);
          alike = (order < 0) ? 1 : (order == 0) ? alike + 1 : alike;
          if (order < 0 || (order == 0 && ThreadLocalRandom.current().nextInt(alike) == 0)) {
            best = i;
            fewest = connections;
          }
        }
      }
      return backends[best];
    }

    private int compare(long connections, int at, long others, int other) {
      return Long.compare(connections * backends[other].weight(), others * backends[at].weight());
    }
  }
}
