package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives each backend exactly its weight in turns in every cycle and, at every moment of it, strictly
 * less than one turn more or less than its fair share. A pick is wait-free. Ignores keys. Each picker
 * starts at a random place in the cycle, so that many proxies do not favour the same backend.
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
   * {@return the policy in which a request of a bound session costs its backend a turn, but never more than
   * the next one} New sessions then go where fewer sessions are busy, and no longer exactly by weight. Meant for
   * backends of one weight: of different ones, the heaviest get up to half as much again as their share.
   */
  public static WeightedRoundRobin chargingHits() {
    return new WeightedRoundRobin(true);
  }

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    Picker turns = Turns.of(eligible, ThreadLocalRandom.current().nextLong());
    return chargesHits ? new PaidTurns(turns, eligible, loads) : turns;
  }

  @Override
  public boolean chargesHits() {
    return chargesHits;
  }

  @Override
  public String name() {
    return NAME;
  }

  static final class Turns implements Picker {
    private static final VarHandle NEXT;

    static {
      try {
        NEXT = MethodHandles.lookup().findVarHandle(Turns.class, "next", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Backend[] backends;
    private final int[] cycle;

    @SuppressWarnings("UnusedVariable") // by NEXT
    private long next;

    private Turns(Backend[] backends, int[] cycle, long start) {
      this.backends = backends;
      this.cycle = cycle;
      this.next = start;
    }

    /** {@return the turns of backends from a place in their cycle on} */
    static Turns of(List<Backend> eligible, long start) {
      int[] weights = eligible.stream().mapToInt(Backend::weight).toArray();
      return new Turns(eligible.toArray(Backend[]::new), FairCycle.of(weights), start);
    }

    @Override
    public Backend pick(long key) {
      long turn = (long) NEXT.getAndAdd(this, 1L);
      return backends[cycle[(int) Long.remainderUnsigned(turn, cycle.length)]];
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

    /** Where all owe turns again and again, as many are passed over as there are backends. */
    @Override
    public Backend pick(long key) {
      Backend next = turns.pick(key);
      for (int passed = 0; passed < loads.size() && load(next).pay(); passed++) {
        next = turns.pick(key);
      }
      return next;
    }

    private Load load(Backend backend) {
      return requireNonNull(loads.get(backend.name()));
    }
  }
}
