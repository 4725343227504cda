package dev.limpet.core;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** A pool that changes, and a record of what it was when. */
final class ChurnPool {
  private static final int REMEMBERED = 1 << 10;
  private static final int BACKENDS = 12;
  private static final int MAX_WEIGHT = 5;

  private final Pool pool = Pool.of("churn", Routing.backend("backend0"));
  private final Map<String, Stand> stands = new HashMap<>();
  private final AtomicReferenceArray<State> states = new AtomicReferenceArray<>(REMEMBERED);
  private volatile int begun;
  private volatile int done;

  ChurnPool() {
    stands.put("backend0", new Stand(1, false, false));
    states.set(0, State.of(stands, null));
  }

  Pool pool() {
    return pool;
  }

  /** {@return the number of a state that is not later than the present one} */
  int done() {
    return done;
  }

  /** {@return the number of a state that is not earlier than the present one} */
  int begun() {
    return begun;
  }

  /**
   * {@return whether the pool was, or may have been, like this at some moment from one state to
   * another}
   */
  boolean anyOf(int first, int last, Predicate<State> like) {
    if (last - first >= REMEMBERED / 2) {
      return true;
    }
    for (int number = first; number <= last; number++) {
      if (like.test(states.get(number % REMEMBERED))) {
        return true;
      }
    }
    return false;
  }

  /** {@return what took new sessions in a state} */
  Map<String, Integer> eligible(int number) {
    return states.get(number % REMEMBERED).eligible();
  }

  /** Makes one change; the first backend always takes new sessions. */
  synchronized void edit(RandomGenerator random) {
    String id = "backend" + random.nextInt(BACKENDS);
    int weight = 1 + random.nextInt(MAX_WEIGHT);
    Stand stand = stands.get(id);
    if (stand == null) {
      apply(id, new Stand(weight, false, false), e -> e.add(Routing.backend(id, weight)));
    } else if (id.equals("backend0")) {
      apply(id, stand.weighing(weight), e -> e.weight(id, weight));
    } else {
      edit(id, stand, random.nextInt(7), weight);
    }
  }

  private void edit(String id, Stand stand, int kind, int weight) {
    switch (kind) {
      case 0 -> apply(id, null, e -> e.remove(id));
      case 1 -> apply(id, stand.weighing(0), e -> e.weight(id, 0));
      case 2 -> apply(id, stand.weighing(weight), e -> e.weight(id, weight));
      case 3 -> apply(id, new Stand(stand.weight, true, stand.down), e -> e.drain(id));
      case 4 -> apply(id, new Stand(stand.weight, false, stand.down), e -> e.ready(id));
      case 5 -> apply(id, new Stand(stand.weight, stand.draining, true), e -> e.down(id));
      default -> apply(id, new Stand(stand.weight, stand.draining, false), e -> e.up(id));
    }
  }

  private void apply(String id, Stand stand, Consumer<PoolEdit> change) {
    if (stand == null) {
      stands.remove(id);
    } else {
      stands.put(id, stand);
    }
    int number = done + 1;
    states.set(number % REMEMBERED, State.of(stands, states.get(done % REMEMBERED)));
    begun = number;
    pool.change(change);
    done = number;
  }

  record Stand(int weight, boolean draining, boolean down) {
    Stand weighing(int other) {
      return new Stand(other, draining, down);
    }
  }

  /** Who served bound sessions, and who took new ones with what weight. */
  record State(Set<String> serving, Map<String, Integer> eligible) {
    static State of(Map<String, Stand> stands, State before) {
      Set<String> serving = new HashSet<>();
      Map<String, Integer> eligible = new HashMap<>();
      stands.forEach((id, stand) -> {
        if (!stand.down) {
          serving.add(id);
          if (!stand.draining && stand.weight > 0) {
            eligible.put(id, stand.weight);
          }
        }
      });
      boolean same = before != null && eligible.equals(before.eligible);
      return new State(serving, same ? before.eligible : eligible);
    }
  }
}
