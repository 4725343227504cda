package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends calls that have no answer when a fixed time has passed since they began. */
@SuppressWarnings("FutureReturnValueIgnored") // what a timer runs throws nothing
final class Deadlines {

  /** What has a deadline. */
  interface Timed {
    /** {@return when it is to be over, by the clock} */
    long due();

    /** {@return whether it is over} */
    boolean isOver();

    /** Ends it, unless it is over. */
    void expire();
  }

  /*
   * All calls of a store have the same time, so they are due in the order in which they began: a
   * queue and one timer, for its first, do for all of them. A timer per call would wake a thread of
   * the executor twice a call, to set it and to cancel it.
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

  /** The executor was shut down: nothing would end them later. */
  private void expireAll() {
    Timed call;
    while ((call = pending.poll()) != null) {
      call.expire();
    }
  }
}
