package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Gives each backend exactly its weight in turns in every cycle. At any point in a cycle, the
 * number of turns of a backend since the start of the cycle differs from its fair share by less
 * than one. If the cycle has at most 8,192 turns, the greatest such deviation is the least
 * possible. Each picker starts at a random point of the cycle, so that many proxies do not all
 * prefer the same backend. So in any sequence of consecutive turns, a backend differs from its fair
 * share by less than two turns. A pick is wait-free. Ignores keys.
 *
 * <p>Requests without a session take separate turns, so they do not affect how new sessions are
 * spread. Requests that may begin a session take the turns of each cycle in a random order. Nobody
 * knows which of them will begin one, and in a fixed order, if for example every second one did,
 * the same backends would get all sessions.
 */
public final class WeightedRoundRobin implements Balancer {

  static final String NAME = "weighted-round-robin";

  private static final int SHOWN_WEIGHTS = 10;
  private static final String EQUAL_WEIGHTS =
      "equal weights above 0 in each tier with WeightedRoundRobin.chargingHits(); for different"
          + " weights, new WeightedRoundRobin() or another balancer";

  private final boolean chargesHits;

  /** Makes the policy in which requests of bound sessions take no turns. */
  public WeightedRoundRobin() {
    this(false);
  }

  private WeightedRoundRobin(boolean chargesHits) {
    this.chargesHits = chargesHits;
  }

  /**
   * {@return the policy in which a request of a bound session costs its backend a turn, but at most
   * its next one} New sessions then go to backends whose sessions are less busy, and are no longer
   * spread exactly by weight. Requests without a session cost no turn.
   *
   * <p>All weights of a tier that are above 0 must be equal. A backend owes at most one turn,
   * whatever its weight, so with different weights the heaviest backends would get up to 1.5 times
   * their share. {@link PoolBuilder#build} and changes of a pool refuse them with a {@link
   * FaultException}. Health, drains and a {@linkplain PoolBuilder#slowStart slow start} do not
   * count.
   */
  public static WeightedRoundRobin chargingHits() {
    return new WeightedRoundRobin(true);
  }

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    Picker turns = Turns.of(eligible, ThreadLocalRandom.current().nextLong());
    return chargesHits ? new PaidTurns(turns, eligible, loads) : turns;
  }

  /** Returns whether a request of a bound session costs its backend a turn. */
  boolean chargesHits() {
    return chargesHits;
  }

  /**
   * Checks that a pool with a policy may have these members.
   *
   * @throws FaultException if the policy charges hits, and the weights of a tier differ
   */
  static void check(Balancer policy, List<Member> members) {
    if (!(policy instanceof WeightedRoundRobin turns) || !turns.chargesHits) {
      return;
    }
    Map<Integer, Set<Integer>> weights = new TreeMap<>();
    for (Member member : members) {
      Backend backend = member.backend();
      if (backend.weight() > 0) {
        weights.computeIfAbsent(backend.tier(), any -> new TreeSet<>()).add(backend.weight());
      }
    }
    List<Fault> faults = weights.values().stream()
        .filter(ofTier -> ofTier.size() > 1)
        .map(ofTier -> Fault.of("weights", shown(ofTier), EQUAL_WEIGHTS))
        .toList();
    if (!faults.isEmpty()) {
      throw new FaultException(faults);
    }
  }

  private static String shown(Set<Integer> weights) {
    String first = weights.stream()
        .limit(SHOWN_WEIGHTS)
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
    return (weights.size() > SHOWN_WEIGHTS) ? first + ", ..." : first;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Takes separate turns for each purpose. */
  static final class Turns implements Picker {
    private final Backend[] backends;
    private final int[] cycle;
    private final Shuffle shuffle;
    private final AtomicLong ofSessions;
    private final AtomicLong ofRequests;
    private final AtomicLong shuffled = new AtomicLong();

    private Turns(Backend[] backends, int[] cycle, long start) {
      this.backends = backends;
      this.cycle = cycle;
      this.shuffle = new Shuffle(start, cycle.length);
      this.ofSessions = new AtomicLong(start);
      this.ofRequests = new AtomicLong(start);
    }

    /** {@return the turns of backends, starting at a point of their cycle} */
    static Turns of(List<Backend> eligible, long start) {
      int[] weights = eligible.stream().mapToInt(Backend::weight).toArray();
      return new Turns(eligible.toArray(Backend[]::new), FairCycle.of(weights), start);
    }

    @Override
    public Backend pick(long key) {
      return inOrder(ofSessions);
    }

    @Override
    public Backend pick(long key, Purpose purpose) {
      return switch (purpose) {
        case NEW_SESSION -> inOrder(ofSessions);
        case NO_SESSION -> inOrder(ofRequests);
        case MAY_BEGIN_SESSION -> shuffled();
      };
    }

    private Backend inOrder(AtomicLong next) {
      return turn((int) Long.remainderUnsigned(next.getAndIncrement(), cycle.length));
    }

    private Backend shuffled() {
      long next = shuffled.getAndIncrement();
      long round = Long.divideUnsigned(next, cycle.length);
      return turn(shuffle.turn(round, (int) (next - round * cycle.length)));
    }

    private Backend turn(int place) {
      return backends[cycle[place]];
    }
  }

  /** Skips a backend's turn once if it has served a request of a bound session. */
  static final class PaidTurns implements Picker {
    private final Picker turns;
    private final Map<String, Load> loads = new HashMap<>();

    PaidTurns(Picker turns, List<Backend> backends, List<Load> loads) {
      this.turns = turns;
      for (int i = 0; i < loads.size(); i++) {
        this.loads.put(backends.get(i).name(), loads.get(i));
      }
    }

    @Override
    public Backend pick(long key) {
      return pick(key, Purpose.NEW_SESSION);
    }

    /**
     * Picks the next backend whose turn is not skipped. Skips at most one turn per backend, so that
     * a pick ends even if requests keep arriving.
     */
    @Override
    public Backend pick(long key, Purpose purpose) {
      Backend next = turns.pick(key, purpose);
      if (purpose == Purpose.NO_SESSION) {
        return next;
      }
      for (int passed = 0; passed < loads.size() && load(next).pay(); passed++) {
        next = turns.pick(key, purpose);
      }
      return next;
    }

    private Load load(Backend backend) {
      return requireNonNull(loads.get(backend.name()));
    }
  }
}
