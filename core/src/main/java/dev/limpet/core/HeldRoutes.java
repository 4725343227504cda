package dev.limpet.core;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The routes of a pool that hold a connection and are not closed. Thread-safe. */
final class HeldRoutes {
  /*
   * A route that nobody can reach any more cannot be closed, and its connection would count for
   * ever. Its hold outlives it: it is kept here, and the garbage collector queues it. Whoever
   * routes next, or asks what is left of a backend, takes back first what is queued, so no thread
   * is needed. A router may be forgotten with its routes; the pool, whose connections they are, is
   * not.
   *
   * A hold ends by its removal from the set, so it ends once, whoever is first.
   */

  private final ReferenceQueue<Route> forgotten = new ReferenceQueue<>();
  private final Set<Hold> holds = ConcurrentHashMap.newKeySet();

  /**
   * {@return a route that holds a connection, which was acquired, of the backend of another}
   *
   * @param abandoned counts the route if it is not closed
   */
  Route hold(Route acquired, Member member, LongAdder abandoned) {
    return new Route(acquired, this, member.load(), abandoned);
  }

  /** Adds the hold of a route that is being made. */
  Hold add(Route route, Load load, LongAdder abandoned) {
    Hold hold = new Hold(route, load, abandoned);
    holds.add(hold);
    return hold;
  }

  /** Gives back what was not closed, as far as the garbage collector has found it. */
  void takeBack() {
    Reference<?> hold = forgotten.poll();
    while (hold != null) {
      ((Hold) hold).abandon();
      hold = forgotten.poll();
    }
  }

  /** {@return how many routes hold a connection} */
  int size() {
    return holds.size();
  }

  /** A connection that a route holds. */
  final class Hold extends PhantomReference<Route> {
    private final Load load;
    private final LongAdder abandoned;

    private Hold(Route route, Load load, LongAdder abandoned) {
      super(route, forgotten);
      this.load = load;
      this.abandoned = abandoned;
    }

    /** Gives the connection back, unless it was given back before. */
    void release() {
      if (holds.remove(this)) {
        load.release();
      }
    }

    private void abandon() {
      if (holds.remove(this)) {
        load.release();
        abandoned.increment();
      }
    }
  }
}
