package dev.limpet.l7;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * An affinity that also handles responses, to set a cookie or to learn one. Called by many threads
 * at once. Embedders may implement it; methods that are added later have defaults.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 * @see LbCookieAffinity
 * @see AppCookieAffinity
 * @see RouteSuffixAffinity
 * @see PrefixCookieAffinity
 * @see HeaderAffinity
 */
public interface HttpAffinity<Q, S> extends Affinity<Q> {

  /** A completed stage, for methods that need not wait. */
  CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  /** {@return the access to the embedder's requests and responses} */
  HttpAccess<Q, S> access();

  /**
   * Handles the response of a backend before it goes to the client. Called only for final
   * responses, at most once per request.
   *
   * @param request the request as it was received
   * @param route the route to the backend that responded
   * @param response the response, which may be changed
   */
  void onResponse(Q request, Route route, S response);

  /**
   * Handles a response as {@link #onResponse} does, for affinities that update a shared store. The
   * default calls {@link #onResponse}.
   *
   * @param request the request as it was received
   * @param route the route to the backend that responded
   * @param response the response, which may be changed until the stage is complete
   * @return a stage that completes when the response may go to the client; {@link #DONE} if it may
   *     at once
   */
  default CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    onResponse(request, route, response);
    return DONE;
  }

  /**
   * Chains affinities: sessions that this affinity does not know are passed to the next one. With
   * {@code appCookie.orElse(lbCookie)}, for example, a client has an LB cookie until it logs in.
   *
   * <p>Every affinity handles every response. One that did not route the request gets the route as
   * {@link Route#seenBy} returns it. If two affinities change the same field of a request, the
   * later one wins; of {@code Cookie}, it changes what the earlier one left.
   *
   * @param next the next affinity; may be a chain
   * @return the chain
   * @throws IllegalArgumentException if it has more than {@link #MAX_CHAIN} affinities
   * @see Affinity#orElse
   */
  default HttpAffinity<Q, S> orElse(HttpAffinity<Q, S> next) {
    return HttpChain.of(this, next);
  }

  /**
   * Makes a response delete the cookie that this affinity sets, instead of setting it. The default
   * does nothing.
   *
   * @param response the response, which may be changed
   */
  default void clear(S response) {}

  /**
   * Returns the fields of a request that must change on the way to the backend. The default changes
   * none.
   *
   * @param request the request, which must not be changed
   * @return the new values by the field's name; an empty list means that the field must be omitted
   */
  default Map<String, List<String>> fieldsToBackend(Q request) {
    return Map.of();
  }

  /**
   * Returns the status of the embedder's own response to a request that has no backend. The default
   * is 503.
   *
   * @param route the last route of the request
   * @return 503 if the client may try again later; 404 if its session is over and it must begin a
   *     new one
   */
  default int statusWithoutBackend(Route route) {
    return 503;
  }

  /**
   * Checks that this affinity can be used with a pool. The default accepts any pool.
   *
   * @param pool the router's pool
   * @throws IllegalArgumentException if this affinity is for another pool
   */
  default void checkPool(Pool pool) {}

  /** {@return the statistics of responses so far} */
  ResponseStats responseStats();

  /**
   * {@return a source of the present statistics of responses} A router that continues another one
   * keeps the source of that router's affinity. So the source should refer to the counters alone,
   * and not to a table. The default refers to this affinity.
   */
  default Supplier<ResponseStats> responses() {
    return this::responseStats;
  }

  /**
   * {@return an affinity that does not change requests and responses, such as one by a header}
   *
   * @param affinity finds and binds the sessions
   * @param access reads the embedder's requests and responses
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  static <Q, S> HttpAffinity<Q, S> of(Affinity<? super Q> affinity, HttpAccess<Q, S> access) {
    return new RequestAffinity<>(affinity, access);
  }
}
