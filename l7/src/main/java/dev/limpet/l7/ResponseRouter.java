package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Drained;
import dev.limpet.core.Pool;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.Router;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What every router of HTTP requests can do that binds nothing. Safe for use by many threads at once; never blocks.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 * @see HttpRouter
 * @see AsyncHttpRouter
 */
public abstract sealed class ResponseRouter<Q, S> permits HttpRouter, AsyncHttpRouter {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL = 200;

  private final Router<Q> router;
  private final HttpAffinity<Q, S> affinity;

  ResponseRouter(Router<Q> router, HttpAffinity<Q, S> affinity) {
    this.router = router;
    this.affinity = requireNonNull(affinity, "affinity");
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
  public final CompletionStage<Drained> drain(String id, Duration deadline) {
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
  public final CompletionStage<Drained> drain(
      String id, Duration deadline, ScheduledExecutorService executor) {
    return router.drain(id, deadline, executor);
  }

  /** Completes the drains that are done. */
  public final void advanceDrains() {
    router.advanceDrains();
  }

  /**
   * {@return what is known of a request's session, and does not use the session}
   *
   * @param request the request as it was received
   */
  public final Recall peek(Q request) {
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
  public final boolean unbind(Q request) {
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
  public final void forget(Q request, S response) {
    router.unbind(request);
    affinity.clear(response);
  }

  /**
   * Returns the Cookie fields to send to the backend: without the LB cookie, every other octet as received.
   *
   * @param request the request as it was received; not changed
   * @return the values of the fields; the list that was received if there is nothing to remove
   */
  public final List<String> cookiesToBackend(Q request) {
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
  public final void onResponse(Q request, Route route, S response) {
    if (route.backend() != null && isFinal(affinity.access().status(response))) {
      affinity.onResponse(request, route, response);
    }
  }

  /** {@return what was answered to requests so far} */
  public final RouterStats stats() {
    return router.stats();
  }

  /** {@return what the affinity did with responses so far} */
  public final ResponseStats responseStats() {
    return affinity.responseStats();
  }

  /** {@return the pool} */
  public final Pool pool() {
    return router.pool();
  }

  private static boolean isFinal(int status) {
    return status >= FIRST_FINAL || status == SWITCHING_PROTOCOLS;
  }
}
