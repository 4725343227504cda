package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends calls that have not been answered a fixed time after they began. */
@SuppressWarnings("FutureReturnValueIgnored") // the tasks of the timer never throw
final class Deadlines {

  /** Something that has a deadline. */
  interface Timed {
    /** {@return the deadline, by the clock} */
    long due();

    /** Returns whether it has ended. */
    boolean isOver();

    /** Ends it, unless it has ended. */
    void expire();
  }

  /*
   * All calls of a store have the same time limit, so they are due in the order in which they
   * began. A queue and one timer, for its first call, are enough. A timer per call would wake a
   * thread of the executor twice per call, to set it and to cancel it.
   */
  private final Queue<Timed> pending = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean armed = new AtomicBoolean();
  private final ScheduledExecutorService executor;
  private final NanoClock clock;

  Deadlines(ScheduledExecutorService executor, NanoClock clock) {
    this.executor = executor;
    this.clock = clock;
  }

  void add(Timed call) {
    pending.add(call);
    arm();
  }

  private void arm() {
    Timed first = pending.peek();
    if (first != null && armed.compareAndSet(false, true)) {
      try {
        executor.schedule(this::fire, first.due() - clock.nanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        armed.set(false);
        expireAll();
      }
    }
  }

  private void fire() {
    Timed first;
    while ((first = pending.peek()) != null
        && (first.isOver() || first.due() - clock.nanos() <= 0)) {
      pending.remove(first);
      first.expire();
    }
    armed.set(false);
    arm();
  }

  /** Ends all calls, because the executor was shut down and nothing would end them later. */
  private void expireAll() {
    Timed call;
    while ((call = pending.poll()) != null) {
      call.expire();
    }
  }
}
