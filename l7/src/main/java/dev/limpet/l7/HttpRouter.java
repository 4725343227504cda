package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Layer;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.RouteListener;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickyRouter;
import java.util.List;

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

  private HttpRouter(StickyRouter<Q> router, HttpAffinity<Q, S> affinity) {
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
  public static <Q, S> Builder<Q, S> builder(Pool pool, HttpAffinity<Q, S> affinity) {
    return new Builder<>(pool, requireNonNull(affinity, "affinity"));
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
   */
  public boolean unbind(Q request) {
    return router.unbind(request);
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

  /**
   * Settings of an {@link HttpRouter}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   */
  public static final class Builder<Q, S> {
    private final StickyRouter.Builder<Q> router;
    private final HttpAffinity<Q, S> affinity;

    private Builder(Pool pool, HttpAffinity<Q, S> affinity) {
      this.router = StickyRouter.<Q>builder(pool, affinity).layer(Layer.LAYER_7);
      this.affinity = affinity;
    }

    /**
     * Sets the limits that the affinity's declaration is checked against. Default {@link Profile#ENHANCED}.
     *
     * @param profile the limits
     * @return this builder
     */
    public Builder<Q, S> profile(Profile profile) {
      router.profile(profile);
      return this;
    }

    /**
     * Sets what a bound session gets while its backend cannot serve. Default {@link Failover#MOVE}.
     *
     * @param failover the rule
     * @return this builder
     */
    public Builder<Q, S> failover(Failover failover) {
      router.failover(failover);
      return this;
    }

    /**
     * Sets where a balancer that hashes gets its key for requests whose affinity has none. Default: none.
     *
     * @param extractor finds the key
     * @param hasher makes the key; proxies that are to choose alike share its secret
     * @return this builder
     */
    public Builder<Q, S> balanceBy(KeyExtractor<? super Q> extractor, KeyHasher hasher) {
      router.balanceBy(extractor, hasher);
      return this;
    }

    /**
     * Sets who hears of every answer. Default: nobody.
     *
     * @param listener called by the threads that ask
     * @return this builder
     */
    public Builder<Q, S> listener(RouteListener<? super Q> listener) {
      router.listener(listener);
      return this;
    }

    /**
     * {@return the router}
     *
     * @throws IllegalArgumentException if the profile does not allow what the affinity declares, at layer 7
     *     and with the pool's balancer; the message names all faults
     */
    public HttpRouter<Q, S> build() {
      return new HttpRouter<>(router.build(), affinity);
    }
  }
}
