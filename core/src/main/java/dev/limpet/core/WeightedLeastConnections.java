package dev.limpet.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives a new session to the backend that has the fewest connections for its weight. Connections are those
 * that are leased, so routers of such a pool have to {@linkplain StickyRouter#lease lease}. Of several such
 * backends any is picked, as likely as the others. A pick looks at all backends. Ignores keys.
 */
public final class WeightedLeastConnections implements Balancer {

  static final String NAME = "weighted-least-connections";

  /** Makes the policy. */
  public WeightedLeastConnections() {}

  /**
   * Always throws.
   *
   * @throws UnsupportedOperationException since connections are to be known
   */
  @Override
  public Picker picker(List<Backend> eligible) {
    throw new UnsupportedOperationException(
        "picker: without loads (expected: the loads of the backends)");
  }

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    return new LeastConnections(eligible, loads);
  }

  @Override
  public boolean needsLeases() {
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

    /** Begins anywhere, so that backends that are alike are picked alike. */
    @Override
    public Backend pick(long key) {
      int start = ThreadLocalRandom.current().nextInt(backends.length);
      int best = start;
      long bestConnections = loads[best].connections() + 1L;
      for (int i = 1; i < backends.length; i++) {
        int at = (start + i < backends.length) ? start + i : start + i - backends.length;
        long connections = loads[at].connections() + 1L;
        if (connections * backends[best].weight() < bestConnections * backends[at].weight()) {
          best = at;
          bestConnections = connections;
        }
      }
      return backends[best];
    }
  }
}
