package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Lease;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;

/**
 * Routes the HTTP requests of one session to one backend: a {@link StickyRouter} at layer 7 with a response
 * phase. Safe for use by many threads at once; never blocks.
 *
 * <pre>{@code
 * Route route = router.route(request);
 * while (route.backend() != null && !connect(route.backend())) {
 *   route = router.reroute(request, route);
 * }
 * // if there is a backend, send it the request with the fields router.cookiesToBackend(request), and then:
 * router.onResponse(request, route, response);
 * }</pre>
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public final class HttpRouter<Q, S> extends ResponseRouter<Q, S> {
  private final StickyRouter<Q> router;

  HttpRouter(StickyRouter<Q> router, HttpAffinity<Q, S> affinity) {
    super(router, affinity);
    this.router = router;
  }

  /**
   * {@return a router of the profile {@link Profile#ENHANCED} that moves sessions whose backend cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   * @throws IllegalArgumentException if the profile does not allow it, or the pool needs leases, with all faults in the
   *     message; or if the affinity is of another pool
   */
  public static <Q, S> HttpRouter<Q, S> of(Pool pool, HttpAffinity<Q, S> affinity) {
    return builder(pool, affinity).build();
  }

  /**
   * {@return a builder}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   * @throws IllegalArgumentException if the affinity is of another pool
   */
  public static <Q, S> HttpRouterBuilder<Q, S> builder(Pool pool, HttpAffinity<Q, S> affinity) {
    return new HttpRouterBuilder<>(pool, requireNonNull(affinity, "affinity"));
  }

  /**
   * Routes a request, as one use of its session.
   *
   * @param request the request as it was received
   * @return where it goes; never null
   * @throws IllegalStateException if this router leases
   * @see StickyRouter#route
   */
  public Route route(Q request) {
    return router.route(request);
  }

  /**
   * Routes a request again, to a backend that it has not tried, after the embedder could not connect.
   *
   * @param request the request as it was received
   * @param failed the last route of this request
   * @return where it goes now; never null
   * @throws IllegalArgumentException if the failed route has no backend
   * @throws IllegalStateException if this router leases
   * @see StickyRouter#reroute
   */
  public Route reroute(Q request, Route failed) {
    return router.reroute(request, failed);
  }

  /**
   * Routes a request as if it belonged to no session. Its response sets no LB cookie, but app cookies are
   * learned from it.
   *
   * @param request the request as it was received
   * @return where it goes; never null
   * @throws IllegalStateException if this router leases
   * @see StickyRouter#balance
   */
  public Route balance(Q request) {
    return router.balance(request);
  }

  /**
   * Routes a request, and holds a connection of its backend until the lease is closed, at the latest after the
   * response. In the response phase, the request's route is that of the lease.
   *
   * @param request the request as it was received
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   * @see StickyRouter#lease
   */
  public Lease lease(Q request) {
    return router.lease(request);
  }

  /**
   * Leases a backend as {@link #balance} routes.
   *
   * @param request the request as it was received
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   */
  public Lease leaseBalanced(Q request) {
    return router.leaseBalanced(request);
  }

  /**
   * Routes a leased request again, after the embedder could not connect.
   *
   * @param request the request as it was received
   * @param lease its lease, which is changed
   * @return where it goes now, as the lease says
   * @throws IllegalArgumentException if the lease's route has no backend
   * @throws IllegalStateException if the lease is closed, or this router does not lease
   */
  public Route reroute(Q request, Lease lease) {
    return router.reroute(request, lease);
  }
}
