package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Drained;
import dev.limpet.core.Lease;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

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
public final class HttpRouter<Q, S> {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL = 200;

  private final StickyRouter<Q> router;
  private final HttpAffinity<Q, S> affinity;

  HttpRouter(StickyRouter<Q> router, HttpAffinity<Q, S> affinity) {
    this.router = router;
    this.affinity = affinity;
  }

  /**
   * {@return a router of the profile {@link Profile#ENHANCED} that moves sessions whose backend cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   * @throws IllegalArgumentException if the profile does not allow it; the message names all faults
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
   */
  public static <Q, S> HttpRouterBuilder<Q, S> builder(Pool pool, HttpAffinity<Q, S> affinity) {
    return new HttpRouterBuilder<>(pool, requireNonNull(affinity, "affinity"));
  }

  /**
   * Routes a request, as one use of its session.
   *
   * @param request the request as it was received
   * @return where it goes; never null
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
   * @throws IllegalStateException if the lease is closed
   */
  public Route reroute(Q request, Lease lease) {
    return router.reroute(request, lease);
  }

  /**
   * Drains a backend, and says when nothing of it is left. Somebody has to call {@link #advanceDrains} now and
   * then.
   *
   * @param id the backend's id
   * @param deadline how long to wait at most, zero or more
   * @return what became of it
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is negative
   * @see StickyRouter#drain(String, Duration)
   */
  public CompletionStage<Drained> drain(String id, Duration deadline) {
    return router.drain(id, deadline);
  }

  /**
   * Drains a backend, and lets an executor look after it.
   *
   * @param id the backend's id
   * @param deadline how long to wait at most, zero or more
   * @param executor is given one short task at a time
   * @return what became of it
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is negative
   * @see StickyRouter#drain(String, Duration, ScheduledExecutorService)
   */
  public CompletionStage<Drained> drain(
      String id, Duration deadline, ScheduledExecutorService executor) {
    return router.drain(id, deadline, executor);
  }

  /** Completes the drains that are done. */
  public void advanceDrains() {
    router.advanceDrains();
  }

  /**
   * {@return what is known of a request's session, and does not use the session}
   *
   * @param request the request as it was received
   */
  public Recall peek(Q request) {
    return router.peek(request);
  }

  /**
   * Forgets a request's session, where its binding is kept in this process.
   *
   * @param request the request as it was received
   * @return whether there was a binding and this call removed it; always false for LB cookies, which the
   *     client keeps
   * @see #forget
   */
  public boolean unbind(Q request) {
    return router.unbind(request);
  }

  /**
   * Ends a request's session, such as to move a client: its binding is removed where it is kept in this
   * process, and the response deletes an LB cookie. App cookies belong to the application and stay. A client
   * that keeps its LB cookie nevertheless keeps its session.
   *
   * @param request the request as it was received
   * @param response a response to it, of a backend, after {@link #onResponse}, or of the embedder's own;
   *     may be changed
   */
  public void forget(Q request, S response) {
    router.unbind(request);
    affinity.clear(response);
  }

  /**
   * Returns the Cookie fields to send to the backend: without the LB cookie, every other octet as received.
   *
   * @param request the request as it was received; not changed
   * @return the values of the fields; the list that was received if there is nothing to remove
   */
  public List<String> cookiesToBackend(Q request) {
    return affinity.cookiesToBackend(request);
  }

  /**
   * Handles a response of a backend before it goes to the client: sets or refreshes the LB cookie, or learns
   * the app cookie. To be called once with the final response. Does nothing if the route has no backend, or
   * if the response is informational (1xx), where 101 Switching Protocols counts as final. Not to be called
   * for responses that the embedder makes itself.
   *
   * @param request the request as it was received
   * @param route the last route of this request
   * @param response the response, which may be changed
   */
  public void onResponse(Q request, Route route, S response) {
    if (route.backend() != null && isFinal(affinity.access().status(response))) {
      affinity.onResponse(request, route, response);
    }
  }

  /** {@return what was answered to requests so far} */
  public RouterStats stats() {
    return router.stats();
  }

  /** {@return what the affinity did with responses so far} */
  public ResponseStats responseStats() {
    return affinity.responseStats();
  }

  /** {@return the pool} */
  public Pool pool() {
    return router.pool();
  }

  private static boolean isFinal(int status) {
    return status >= FIRST_FINAL || status == SWITCHING_PROTOCOLS;
  }
}
