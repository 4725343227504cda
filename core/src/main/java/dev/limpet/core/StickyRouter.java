package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Routes the requests of one session to one backend. Safe for use by many threads at once; never blocks.
 *
 * <pre>{@code
 * Route route = router.route(request);
 * while (route.backend() != null && !connect(route.backend())) {
 *   route = router.reroute(request, route);
 * }
 * }</pre>
 *
 * <p>Where connections count, as a backend takes only so many or the balancer looks at them, a router is built
 * {@linkplain StickyRouterBuilder#leasing leasing}, and {@link #lease} takes the place of {@link #route}.
 *
 * @param <R> the embedder's request, or connection
 */
public final class StickyRouter<R> {
  private final Pool pool;
  private final Placement<R> placement;
  private final Answers<R> answers;
  private final Drains drains;
  private final Leases leases = new Leases();
  private final boolean leasing;

  StickyRouter(StickyRouterBuilder<R> builder) {
    this.pool = builder.pool;
    this.placement = new Placement<>(builder);
    this.answers = new Answers<>(builder.listener);
    this.drains = new Drains(builder.pool, builder.affinity, builder.clock);
    this.leasing = builder.leasing;
  }

  /**
   * {@return a router of connections at layer 4, of the profile {@link Profile#ENHANCED}, that moves
   * sessions whose backend cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <R> the embedder's request
   * @throws IllegalArgumentException if the profile does not allow it; the message names all faults
   */
  public static <R> StickyRouter<R> of(Pool pool, Affinity<? super R> affinity) {
    return StickyRouter.<R>builder(pool, affinity).build();
  }

  /**
   * {@return a builder}
   *
   * @param pool the backends
   * @param affinity knows the sessions; {@link Affinity#none} for none
   * @param <R> the embedder's request
   */
  public static <R> StickyRouterBuilder<R> builder(Pool pool, Affinity<? super R> affinity) {
    return new StickyRouterBuilder<>(
        requireNonNull(pool, "pool"), requireNonNull(affinity, "affinity"));
  }

  /**
   * Routes a request, as one use of its session. A new session is bound before this returns, so that
   * all its first requests agree.
   *
   * @param request the request
   * @return where it goes; never null
   * @throws IllegalStateException if this router leases
   */
  public Route route(R request) {
    check(!leasing);
    return answers.first(request, placement.first(request));
  }

  /**
   * Routes a request again, to a backend that it has not tried, after the embedder could not connect.
   * (HAProxy calls this redispatch.) A bound session gets what its {@link Failover} says; a session that
   * is new is bound to the next choice; if nothing is left, the binding is again what the request found.
   * The pool does not change: reporting a backend down is up to health checks.
   *
   * @param request the request
   * @param failed the last route of this request
   * @return where it goes now; {@link Route#failed} is the failed route
   * @throws IllegalArgumentException if the failed route has no backend
   * @throws IllegalStateException if this router leases
   */
  public Route reroute(R request, Route failed) {
    check(!leasing);
    requireNonNull(failed, "failed");
    return answers.again(request, placement.again(request, failed, Reason.CONNECT_FAILED));
  }

  /**
   * Routes a request as if it belonged to no session: nothing is recalled and nothing bound. Counts as a
   * request with the outcome {@link Outcome#UNBOUND} and the reason {@link Reason#IGNORED}.
   *
   * @param request the request
   * @return where it goes; never null
   * @throws IllegalStateException if this router leases
   */
  public Route balance(R request) {
    check(!leasing);
    return answers.first(request, placement.ignoring(request));
  }

  /**
   * Routes a request as {@link #route} does, and holds a connection of its backend until the lease is closed. A
   * backend is never sent more than its {@link Backend#maxConnections}: while it has as many, its sessions
   * get what their {@link Failover} says, for {@link Reason#BACKEND_FULL}, and new ones go elsewhere.
   *
   * @param request the request
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   */
  public Lease lease(R request) {
    check(leasing);
    return opened(request, placement.first(request));
  }

  /**
   * Leases a backend as {@link #balance} routes: as if the request belonged to no session.
   *
   * @param request the request
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   */
  public Lease leaseBalanced(R request) {
    check(leasing);
    return opened(request, placement.ignoring(request));
  }

  /**
   * Routes a leased request again as {@link #reroute(Object, Route)} does, after the embedder could not connect.
   * The lease gives its connection back and holds one of the next backend.
   *
   * @param request the request
   * @param lease its lease, which is changed
   * @return where it goes now, as the lease says
   * @throws IllegalArgumentException if the lease's route has no backend
   * @throws IllegalStateException if the lease is closed
   */
  public Route reroute(R request, Lease lease) {
    lease.failed();
    Route next = acquired(request, placement.again(request, lease.route(), Reason.CONNECT_FAILED));
    lease.goOn(next);
    return answers.again(request, next);
  }

  /**
   * {@return what is known of a request's session} Uses, changes and counts nothing.
   *
   * @param request the request
   */
  public Recall peek(R request) {
    return placement.peek(request);
  }

  /**
   * Forgets a request's session, where its binding is kept in this process.
   *
   * @param request the request
   * @return whether there was a binding and this call removed it
   */
  public boolean unbind(R request) {
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
  public CompletionStage<Drained> drain(String id, Duration deadline) {
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
  public CompletionStage<Drained> drain(
      String id, Duration deadline, ScheduledExecutorService executor) {
    return drains.begin(id, deadline, executor);
  }

  /** Completes the drains that are done. Cheap if there are none. */
  public void advanceDrains() {
    drains.advance();
  }

  /** {@return what was answered so far} */
  public RouterStats stats() {
    return answers.stats(leases.abandoned());
  }

  /** {@return the pool} */
  public Pool pool() {
    return pool;
  }

  private Lease opened(R request, Route first) {
    Route route = acquired(request, first);
    Lease lease = leases.open(route);
    answers.first(request, route);
    return lease;
  }

  /** {@return the first route from this one on whose backend had a connection to give, which is ours now} */
  private Route acquired(R request, Route first) {
    Route route = first;
    Member member = route.member();
    while (member != null && !member.acquire()) {
      route = placement.again(request, route, Reason.BACKEND_FULL);
      member = route.member();
    }
    return route;
  }

  private void check(boolean asBuilt) {
    if (!asBuilt) {
      throw new IllegalStateException("leasing: " + leasing + " (expected: "
          + (leasing ? "lease instead of route" : "route instead of lease") + ")");
    }
  }
}
