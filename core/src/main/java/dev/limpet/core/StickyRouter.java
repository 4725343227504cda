package dev.limpet.core;

import static java.util.Objects.requireNonNull;

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
public final class StickyRouter<R> extends Router<R> {

  StickyRouter(StickyRouterBuilder<R> builder) {
    super(builder);
  }

  /**
   * {@return a router of connections at layer 4, of the profile {@link Profile#ENHANCED}, that moves
   * sessions whose backend cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <R> the embedder's request
   * @throws IllegalArgumentException if the profile does not allow it, or the pool needs leases; the message names all
   *     faults
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
    check(false);
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
    check(false);
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
    check(false);
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
    check(true);
    return opened(request, acquired(request, placement.first(request)));
  }

  /**
   * Leases a backend as {@link #balance} routes: as if the request belonged to no session.
   *
   * @param request the request
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   */
  public Lease leaseBalanced(R request) {
    check(true);
    return opened(request, acquired(request, placement.ignoring(request)));
  }

  /**
   * Routes a leased request again as {@link #reroute(Object, Route)} does, after the embedder could not connect.
   * The lease gives its connection back and holds one of the next backend; where this throws, none. A backend that had
   * no connection left counts as tried.
   *
   * @param request the request
   * @param lease its lease, which is changed
   * @return where it goes now, as the lease says
   * @throws IllegalArgumentException if the lease's route has no backend
   * @throws IllegalStateException if the lease is closed, or this router does not lease
   */
  public Route reroute(R request, Lease lease) {
    check(true);
    lease.failed();
    Route next = acquired(request, placement.again(request, lease.route(), Reason.CONNECT_FAILED));
    lease.goOn(next);
    return answers.again(request, next);
  }
}
