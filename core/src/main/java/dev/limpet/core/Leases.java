package dev.limpet.core;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The leases of a pool that are not closed. Thread-safe. */
final class Leases {
  /*
   * A lease that nobody can reach any more cannot be closed, and its connection would count for ever. Its
   * hold outlives it: it is kept here, and the garbage collector queues it. Whoever leases next, or asks what is
   * left of a backend, takes back first what is queued, so no thread is needed. A router may be forgotten with its
   * leases; the pool, whose connections they are, is not.
   */

  private final ReferenceQueue<Lease> forgotten = new ReferenceQueue<>();
  private final Set<Hold> holds = ConcurrentHashMap.newKeySet();

  /**
   * {@return a lease of a route}
   *
   * @param route a route whose connection has been acquired, if it has a backend
   * @param abandoned counts the lease if it is abandoned
   */
  Lease open(Route route, LongAdder abandoned) {
    Lease lease = new Lease(route);
    Hold hold = new Hold(lease, load(route), abandoned);
    holds.add(hold);
    lease.opened(hold);
    return lease;
  }

  /** Gives back what leases hold that were abandoned, as far as the garbage collector has found them. */
  void takeBack() {
    Reference<?> hold = forgotten.poll();
    while (hold != null) {
      ((Hold) hold).abandoned();
      hold = forgotten.poll();
    }
  }

  /** {@return how many leases are not closed} */
  int size() {
    return holds.size();
  }

  static @Nullable Load load(Route route) {
    Member member = route.member();
    return (member == null) ? null : member.load();
  }

  /** What a lease holds. */
  final class Hold extends PhantomReference<Lease> {
    private final LongAdder abandoned;
    private @Nullable Load load;
    private boolean ended;

    private Hold(Lease lease, @Nullable Load load, LongAdder abandoned) {
      super(lease, forgotten);
      this.load = load;
      this.abandoned = abandoned;
    }

    synchronized boolean isEnded() {
      return ended;
    }

    /** Gives back what is held, and holds this, which has been acquired, unless the lease is closed. */
    synchronized void change(@Nullable Load next) {
      release();
      load = next;
      if (ended) {
        release();
      }
    }

    /** {@return whether this call ended it} */
    synchronized boolean end() {
      if (ended) {
        return false;
      }
      release();
      ended = true;
      holds.remove(this);
      return true;
    }

    private void abandoned() {
      if (end()) {
        abandoned.increment();
      }
    }

    private void release() {
      if (load != null) {
        load.release();
        load = null;
      }
    }
  }
}
