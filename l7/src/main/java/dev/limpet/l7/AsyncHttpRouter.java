package dev.limpet.l7;

import dev.limpet.core.AsyncBinder;
import dev.limpet.core.AsyncStickyRouter;
import dev.limpet.core.Lease;
import dev.limpet.core.Route;
import java.util.concurrent.CompletionStage;

/**
 * Routes as an {@link HttpRouter} does, by the same rules, where binding a session takes time. Safe for use by many
 * threads at once; never blocks.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 * @see AsyncStickyRouter
 */
public non-sealed class AsyncHttpRouter<Q, S> extends ResponseRouter<Q, S> {
  private final AsyncStickyRouter<Q> router;

  /**
   * Makes a router.
   *
   * @param settings the pool, the affinity and the rules; not used any more afterwards
   * @param binder binds sessions; what it bound, the affinity recalls from then on
   * @throws IllegalArgumentException as {@link HttpRouterBuilder#build} does
   */
  public AsyncHttpRouter(HttpRouterBuilder<Q, S> settings, AsyncBinder binder) {
    this(new AsyncStickyRouter<>(settings.router, binder), settings.affinity);
  }

  private AsyncHttpRouter(AsyncStickyRouter<Q> router, HttpAffinity<Q, S> affinity) {
    super(router, affinity);
    this.router = router;
  }

  /**
   * Routes a request.
   *
   * @param request the request as it was received
   * @return where it goes, in the end
   * @throws IllegalStateException if this router leases
   * @see AsyncStickyRouter#route
   */
  public final CompletionStage<Route> route(Q request) {
    return router.route(request);
  }

  /**
   * Routes a request again, to a backend that it has not tried, after the embedder could not connect.
   *
   * @param request the request as it was received
   * @param failed the last route of this request
   * @return where it goes now, in the end
   * @throws IllegalArgumentException if the failed route has no backend
   * @throws IllegalStateException if this router leases
   */
  public final CompletionStage<Route> reroute(Q request, Route failed) {
    return router.reroute(request, failed);
  }

  /**
   * Routes a request as if it belonged to no session. App cookies are learned from its response.
   *
   * @param request the request as it was received
   * @return where it goes; never null
   * @throws IllegalStateException if this router leases
   */
  public final Route balance(Q request) {
    return router.balance(request);
  }

  /**
   * Routes a request, and holds a connection of its backend until the lease is closed.
   *
   * @param request the request as it was received
   * @return where it goes, in the end; to be closed. A stage that is cancelled, or completed by others, holds none
   * @throws IllegalStateException if this router does not lease
   * @see AsyncStickyRouter#lease
   */
  public final CompletionStage<Lease> lease(Q request) {
    return router.lease(request);
  }

  /**
   * Leases a backend as {@link #balance} routes.
   *
   * @param request the request as it was received
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   */
  public final Lease leaseBalanced(Q request) {
    return router.leaseBalanced(request);
  }

  /**
   * Routes a leased request again, after the embedder could not connect.
   *
   * @param request the request as it was received
   * @param lease its lease, which is changed
   * @return where it goes now, as the lease says when this completes
   * @throws IllegalArgumentException if the lease's route has no backend
   * @throws IllegalStateException if the lease is closed, or this router does not lease
   */
  public final CompletionStage<Route> reroute(Q request, Lease lease) {
    return router.reroute(request, lease);
  }
}
