package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The pending drains of a router. Thread-safe. */
final class Drains {
  /*
   * The drain is published before anything is counted. If a bind is not in the count, it is
   * confirmed after the drain was published, so it finds that the backend takes no new sessions.
   */

  private static final long LOOKS_PER_DEADLINE = 64;
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Pool pool;
  private final Affinity<?> affinity;
  private final NanoClock clock;
  private final Queue<Drain> waiting = new ConcurrentLinkedQueue<>();

  Drains(Pool pool, Affinity<?> affinity, NanoClock clock) {
    this.pool = pool;
    this.affinity = affinity;
    this.clock = clock;
  }

  CompletionStage<Drained> begin(String id, Duration deadline) {
    Drain drain = publish(id, deadline);
    waiting.add(drain);
    return drain.stage();
  }

  CompletionStage<Drained> begin(String id, Duration deadline, ScheduledExecutorService executor) {
    requireNonNull(executor, "executor");
    Drain drain = publish(id, deadline);
    waiting.add(drain);
    drain.lookAfter(executor);
    return drain.stage();
  }

  void advance() {
    if (!waiting.isEmpty()) {
      waiting.removeIf(Drain::isDone);
    }
  }

  private Drain publish(String id, Duration deadline) {
    requireNonNull(deadline, "deadline");
    if (deadline.isNegative()) {
      throw new IllegalArgumentException("deadline: " + deadline + " (expected: PT0S or more)");
    }
    PoolSnapshot now = pool.change(edit -> edit.drain(id));
    return now.members().stream()
        .filter(member -> member.backend().id().equals(id))
        .map(member -> new Drain(member, nanos(deadline)))
        .findFirst()
        .orElseThrow();
  }

  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }

  /** A pending drain. */
  private final class Drain {
    private final String name;
    private final Load load;
    private final long begun = clock.nanos();
    private final long deadline;
    private final CompletableFuture<Drained> done = new CompletableFuture<>();

    Drain(Member member, long deadline) {
      this.name = member.name();
      this.load = member.load();
      this.deadline = deadline;
    }

    CompletionStage<Drained> stage() {
      return done.minimalCompletionStage();
    }

    void lookAfter(ScheduledExecutorService executor) {
      long pause = Math.max(SHORTEST_NANOS, Math.min(deadline / LOOKS_PER_DEADLINE, LONGEST_NANOS));
      try {
        Future<?> unused = executor.schedule(() -> look(executor), pause, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException rejected) {
        done.completeExceptionally(rejected);
        waiting.remove(this);
      }
    }

    private void look(ScheduledExecutorService executor) {
      if (isDone()) {
        waiting.remove(this);
      } else {
        lookAfter(executor);
      }
    }

    /** Completes the drain if it has ended. Returns whether it has. */
    boolean isDone() {
      try {
        complete();
      } catch (Throwable thrown) {
        done.completeExceptionally(thrown);
      }
      return done.isDone();
    }

    private void complete() {
      pool.heldRoutes().takeBack();
      Remaining remaining = affinity.remaining(name);
      int connections = load.connections();
      Drained.Result result = result(remaining, connections);
      if (result != null) {
        done.complete(new Drained(result, remaining, connections));
      }
    }

    private Drained.@Nullable Result result(Remaining remaining, int connections) {
      Member now = pool.snapshot().member(name);
      if (now == null) {
        return Drained.Result.REMOVED;
      }
      if (!now.draining()) {
        return Drained.Result.UNDRAINED;
      }
      if (remaining.isNothing() && connections == 0) {
        return Drained.Result.DRAINED;
      }
      return (clock.nanos() - begun >= deadline) ? Drained.Result.DEADLINE_PASSED : null;
    }
  }
}
