package dev.limpet.core;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

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
  private final Leases leases = new Leases();
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
   * Drains a backend, and says when nothing of it is left: it has no sessions of this router any more and, if
   * the router leases, no connections. Somebody has to call {@link #advanceDrains} now and then; the stage
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
   * completes on its thread, exceptionally if it rejects a task.
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
    return answers.stats(leases.abandoned());
  }

  /** {@return the pool} */
  public final Pool pool() {
    return pool;
  }

  /** Opens a lease of a route whose connection has been acquired. */
  final Lease opened(R request, Route route) {
    Lease lease = leases.open(route);
    answers.first(request, route);
    return lease;
  }

  /** {@return the first route from this one on whose backend had a connection to give, which is ours now} */
  final Route acquired(R request, Route first) {
    Route route = first;
    while (!isAcquired(route)) {
      route = placement.again(request, route, Reason.BACKEND_FULL);
    }
    return route;
  }

  /** {@return whether a route has no backend, or its backend had a connection to give, which is ours now} */
  static boolean isAcquired(Route route) {
    Member member = route.member();
    return member == null || member.acquire();
  }

  /** Refuses a call that is for routers which lease, or for those which do not. */
  final void check(boolean forLeasing) {
    if (leasing != forLeasing) {
      throw new IllegalStateException("leasing: " + leasing + " (expected: "
          + (leasing ? "lease instead of route" : "route instead of lease") + ")");
    }
  }
}
