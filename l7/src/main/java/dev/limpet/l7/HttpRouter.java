package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Layer;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import dev.limpet.core.RouterBuilder;
import dev.limpet.core.StickyRouter;
import java.util.List;
import java.util.Map;

/**
 * Routes the HTTP requests of one session to one backend: a {@link StickyRouter} with a response
 * phase. Safe for use by many threads at once; never blocks.
 *
 * <pre>{@code
 * Route route = router.route(request);
 * while (route.backend() != null && !connect(route.backend())) {
 *   route = router.reroute(request, route);
 * }
 * // if there is a backend, send it the request with the fields that
 * // router.fieldsToBackend(request) changes, and then:
 * router.onResponse(request, route, response);
 * }</pre>
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public final class HttpRouter<Q, S> extends StickyRouter<Q> {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL = 200;

  private final HttpAffinity<Q, S> affinity;

  private HttpRouter(RouterBuilder<Q, HttpRouter<Q, S>> settings, HttpAffinity<Q, S> affinity) {
    super(settings);
    this.affinity = affinity;
  }

  /**
   * {@return a router of the profile {@link Profile#ENHANCED} that moves sessions whose backend
   * cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   * @throws IllegalArgumentException if the profile does not allow what the affinity declares, with
   *     all faults in the message; or if the affinity is of another pool
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
  public static <Q, S> RouterBuilder<Q, HttpRouter<Q, S>> builder(
      Pool pool, HttpAffinity<Q, S> affinity) {
    requireNonNull(affinity, "affinity").checkPool(requireNonNull(pool, "pool"));
    return new RouterBuilder<>(
        pool, affinity, Layer.LAYER_7, settings -> new HttpRouter<>(settings, affinity));
  }

  /**
   * Returns the fields of a request that change on the way to the backend: {@code Cookie} without
   * the LB cookie, every other octet as received. All other fields go as they are.
   *
   * @param request the request as it was received; not changed
   * @return the new values by the field's name; an empty list means to leave the field out
   */
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return affinity.fieldsToBackend(request);
  }

  /**
   * Handles a response of a backend before it goes to the client: sets or refreshes the LB cookie,
   * or learns the app cookie. Call this once, with the final response. It does nothing if the route
   * has no backend, or if the response is informational (1xx), where 101 Switching Protocols counts
   * as final. Do not call it for responses that the embedder makes itself.
   *
   * @param request the request as it was received
   * @param route the last route of this request, closed or not
   * @param response the response, which may be changed
   */
  public void onResponse(Q request, Route route, S response) {
    if (route.backend() != null && isFinal(affinity.access().status(response))) {
      affinity.onResponse(request, route, response);
    }
  }

  /**
   * Ends a request's session, such as to move a client: its binding is removed where it is kept in
   * this process, and the response deletes an LB cookie. App cookies belong to the application and
   * stay. A client that keeps its LB cookie nevertheless keeps its session.
   *
   * @param request the request as it was received
   * @param response a response to it, of a backend, after {@link #onResponse}, or of the embedder's
   *     own; may be changed
   */
  public void endSession(Q request, S response) {
    unbind(request);
    affinity.clear(response);
  }

  /** {@return what the affinity did with responses so far} */
  public ResponseStats responseStats() {
    return affinity.responseStats();
  }

  private static boolean isFinal(int status) {
    return status >= FIRST_FINAL || status == SWITCHING_PROTOCOLS;
  }
}
