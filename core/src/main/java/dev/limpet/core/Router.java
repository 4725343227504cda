package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What every router can do that binds nothing. Safe for use by many threads at once; never blocks.
 *
 * @param <R> the embedder's request, or connection
 * @see StickyRouter
 * @see AsyncStickyRouter
 */
public abstract sealed class Router<R> permits StickyRouter, AsyncStickyRouter {
  private final Pool pool;
  private final Drains drains;
  private final LongAdder abandoned = new LongAdder();
  private final boolean leasing;
  final Placement<R> placement;
  final Answers<R> answers;

  Router(StickyRouterBuilder<R> builder) {
    this.pool = builder.pool;
    this.placement = new Placement<>(builder);
    this.answers = new Answers<>(builder.listener);
    this.drains = new Drains(builder.pool, builder.affinity, builder.clock);
    this.leasing = builder.leasing;
  }

  /**
   * {@return what is known of a request's session} Uses, changes and counts nothing.
   *
   * @param request the request
   */
  public final Recall peek(R request) {
    return placement.peek(request);
  }

  /**
   * Forgets a request's session, where its binding is kept in this process.
   *
   * @param request the request
   * @return whether there was a binding and this call removed it
   */
  public final boolean unbind(R request) {
    return placement.unbind(request);
  }

  /**
   * Drains a backend, and says when nothing of it is left: it has no sessions of this router any more and no
   * connections that a router of this pool leased. Without leases, a request that is on its way is not seen: its
   * response may still issue an app cookie of the backend. Somebody has to call {@link #advanceDrains} now and then; the stage
   * completes in such a call, on its thread. To move the sessions that are left at the deadline, remove the
   * backend.
   *
   * @param id the backend's id
   * @param deadline how long to wait at most, zero or more
   * @return what became of it
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is negative
   */
  public final CompletionStage<Drained> drain(String id, Duration deadline) {
    return drains.begin(id, deadline);
  }

  /**
   * Drains a backend as {@link #drain(String, Duration)} does, and lets an executor look after it. The stage
   * completes on its thread, or in a call of {@link #advanceDrains} if that comes first; exceptionally if the executor
   * rejects a task.
   *
   * @param id the backend's id
   * @param deadline how long to wait at most, zero or more
   * @param executor is given one short task at a time, once a second or more often
   * @return what became of it
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is negative
   */
  public final CompletionStage<Drained> drain(
      String id, Duration deadline, ScheduledExecutorService executor) {
    return drains.begin(id, deadline, executor);
  }

  /** Completes the drains that are done. Cheap if there are none. */
  public final void advanceDrains() {
    drains.advance();
  }

  /** {@return what was answered so far} */
  public final RouterStats stats() {
    pool.leases().takeBack();
    return answers.stats(abandoned.sum());
  }

  /** {@return the pool} */
  public final Pool pool() {
    return pool;
  }

  /** Opens a lease of a route whose connection has been acquired. */
  final Lease opened(R request, Route route) {
    Lease lease = pool.leases().open(route, abandoned);
    answers.first(request, route);
    return lease;
  }

  /** {@return the first route from this one on whose backend had a connection to give, which is ours now} */
  final Route acquired(R request, Route first) {
    Route route = first;
    Reason refusal = acquire(route);
    while (refusal != null) {
      route = placement.again(request, route, refusal);
      refusal = acquire(route);
    }
    return route;
  }

  /** {@return null if a route has no backend, or a connection of its backend is ours now; else why it is not} */
  final @Nullable Reason acquire(Route route) {
    pool.leases().takeBack();
    Member member = route.member();
    if (member == null) {
      return null;
    }
    if (!member.acquire()) {
      return Reason.BACKEND_FULL;
    }
    if (route.isBound() || pool.snapshot().takesNew(member)) {
      return null;
    }
    member.load().release();
    return requireNonNull(route.reason(), "reason");
  }

  /** Refuses a call that is for routers which lease, or for those which do not. */
  final void check(boolean forLeasing) {
    if (leasing != forLeasing) {
      throw new IllegalStateException("leasing: " + leasing + " (expected: "
          + (leasing ? "lease instead of route" : "route instead of lease") + ")");
    }
  }
}
