package dev.limpet.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives a new session to the backend that would then have the fewest connections relative to its
 * weight. The pool must {@linkplain PoolBuilder#countConnections count connections}. Tied backends
 * take turns by their weights, as with {@link WeightedRoundRobin}. Backends at capacity are
 * skipped, unless all are. A pick looks at all backends, and allocates nothing. Ignores keys.
 *
 * <p>Requests without a session take separate turns. For requests that may begin a session, a tied
 * backend is drawn at random by weight.
 */
public final class WeightedLeastConnections implements Balancer {
  /*
   * If ties were broken at random, a backend of weight 1 would win as many of them as a backend of
   * weight 8. So the tied backend whose turn of a fair cycle comes next is picked, and the turns of
   * others are passed over. In a long cycle, the next turn of a tied backend may be far away, for
   * example if two backends of weight 1 are tied beside a busy one of weight 10,000. So after two
   * turns per backend, a tied one is drawn by weight instead. Both ways give tied backends turns in
   * proportion to their weights, and a pick takes a time that is linear in the backends.
   */

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
    private static final int NONE = -1;

    private final Backend[] backends;
    private final Load[] loads;
    private final int[] cycle;
    private final AtomicInteger ofSessions;
    private final AtomicInteger ofRequests;

    LeastConnections(List<Backend> eligible, List<Load> loads) {
      this.backends = eligible.toArray(Backend[]::new);
      this.loads = loads.toArray(Load[]::new);
      this.cycle = FairCycle.of(eligible.stream().mapToInt(Backend::weight).toArray());
      int start = ThreadLocalRandom.current().nextInt(cycle.length);
      this.ofSessions = new AtomicInteger(start);
      this.ofRequests = new AtomicInteger(start);
    }

    @Override
    public Backend pick(long key) {
      return pick(key, Purpose.NEW_SESSION);
    }

    @Override
    public Backend pick(long key, Purpose purpose) {
      int best = 0;
      long fewest = 0;
      int alike = 0;
      for (int i = 0; i < backends.length; i++) {
        if (!isFull(i)) {
          long connections = connectionsWithOneMore(i);
          int order = (alike == 0) ? -1 : compare(connections, i, fewest, best);
          if (order < 0) {
            best = i;
            fewest = connections;
          }
          alike = (order < 0) ? 1 : (order == 0) ? alike + 1 : alike;
        }
      }
      return backends[(alike > 1) ? tied(best, fewest, purpose) : best];
    }

    /** {@return one of the backends that are tied with the best one} */
    private int tied(int best, long fewest, Purpose purpose) {
      int next = switch (purpose) {
        case NEW_SESSION -> next(ofSessions, best, fewest);
        case NO_SESSION -> next(ofRequests, best, fewest);
        case MAY_BEGIN_SESSION -> NONE;
      };
      return (next != NONE) ? next : drawn(best, fewest);
    }

    /** {@return the tied backend whose turn comes next; NONE if that is too far away} */
    private int next(AtomicInteger cursor, int best, long fewest) {
      while (true) {
        int start = cursor.get();
        int place = start;
        int found = NONE;
        for (int passed = 0; found == NONE && passed < 2 * backends.length; passed++) {
          found = isTied(cycle[place], best, fewest) ? cycle[place] : NONE;
          place = (place + 1 == cycle.length) ? 0 : place + 1;
        }
        if (cursor.compareAndSet(start, place)) {
          return found;
        }
      }
    }

    /** Draws a tied backend by weight: each one replaces those before it by its share so far. */
    private int drawn(int best, long fewest) {
      int drawn = best;
      long sum = 0;
      for (int i = 0; i < backends.length; i++) {
        if (isTied(i, best, fewest)) {
          int weight = backends[i].weight();
          sum += weight;
          drawn = (ThreadLocalRandom.current().nextLong(sum) < weight) ? i : drawn;
        }
      }
      return drawn;
    }

    private boolean isTied(int at, int best, long fewest) {
      return !isFull(at) && compare(connectionsWithOneMore(at), at, fewest, best) <= 0;
    }

    private boolean isFull(int at) {
      return loads[at].isFull(backends[at].maxConnections());
    }

    private long connectionsWithOneMore(int at) {
      return loads[at].connections() + 1L;
    }

    private int compare(long connections, int at, long others, int other) {
      return Long.compare(connections * backends[other].weight(), others * backends[at].weight());
    }
  }
}
