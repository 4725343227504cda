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
    return Turns.of(eligible, ThreadLocalRandom.current().nextLong());
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
}
