package dev.limpet.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives each backend exactly its weight in turns in every cycle and, at every moment of it, strictly
 * less than one turn more or less than its fair share. A pick is wait-free. Ignores keys. Each picker
 * starts at a random place in the cycle, so that many proxies do not favour the same backend.
 */
public final class WeightedRoundRobin implements Balancer {

  static final String NAME = "weighted-round-robin";

  /** Makes the policy. */
  public WeightedRoundRobin() {}

  @Override
  public Picker picker(List<Backend> eligible) {
    return new Turns(cycle(eligible), ThreadLocalRandom.current().nextLong());
  }

  @Override
  public String name() {
    return NAME;
  }

  /** {@return the turns of one cycle that starts at its beginning} */
  static List<Backend> cycle(List<Backend> eligible) {
    int[] weights = eligible.stream().mapToInt(Backend::weight).toArray();
    Backend[] backends = eligible.toArray(Backend[]::new);
    int[] order = FairCycle.of(weights);
    Backend[] turns = new Backend[order.length];
    for (int t = 0; t < order.length; t++) {
      turns[t] = backends[order[t]];
    }
    return List.of(turns);
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

    private final List<Backend> cycle;

    @SuppressWarnings("UnusedVariable") // by NEXT
    private long next;

    Turns(List<Backend> cycle, long start) {
      this.cycle = cycle;
      this.next = start;
    }

    @Override
    public Backend pick(long key) {
      long turn = (long) NEXT.getAndAdd(this, 1L);
      return cycle.get((int) Long.remainderUnsigned(turn, cycle.size()));
    }
  }
}
