package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each backend exactly its weight in turns in every cycle. From the beginning of a cycle to
 * any turn of it, a backend has less than one turn more or less than its fair share; if the cycle
 * has at most 8,192 turns, the greatest such deviation is the least possible. Each picker starts at
 * a random place in the cycle, so that many proxies do not favour the same backend: in any turns
 * that follow each other, a backend has less than two turns more or less than its share. A pick is
 * wait-free. Ignores keys.
 *
 * <p>Requests that keep no session take turns of their own, so new sessions are spread in the same
 * way whatever comes between them. Requests that may begin a session take the turns of each cycle
 * in a random order: it is not known which of them will, and if every second one did, the same
 * backends would get all sessions.
 */
public final class WeightedRoundRobin implements Balancer {

  static final String NAME = "weighted-round-robin";

  private final boolean chargesHits;

  /** Makes the policy: requests of bound sessions take no turns. */
  public WeightedRoundRobin() {
    this(false);
  }

  private WeightedRoundRobin(boolean chargesHits) {
    this.chargesHits = chargesHits;
  }

  /**
   * {@return the policy in which a request of a bound session costs its backend a turn, but never
   * more than the next one} New sessions then go where fewer sessions are busy, and no longer
   * exactly by weight. Requests that keep no session pay no turn. Meant for backends of one weight:
   * of different ones, the heaviest get up to half as much again as their share.
   */
  public static WeightedRoundRobin chargingHits() {
    return new WeightedRoundRobin(true);
  }

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    Picker turns = Turns.of(eligible, ThreadLocalRandom.current().nextLong());
    return chargesHits ? new PaidTurns(turns, eligible, loads) : turns;
  }

  /** {@return whether a request of a bound session is charged to its backend} */
  boolean chargesHits() {
    return chargesHits;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Takes the turns of each purpose apart. */
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

    /** {@return the turns of backends from a place in their cycle on} */
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

  /** Passes over a backend once that owes a turn. */
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

    /** Where all owe turns again and again, as many are passed over as there are backends. */
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
