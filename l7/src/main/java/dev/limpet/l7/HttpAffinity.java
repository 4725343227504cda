package dev.limpet.l7;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import java.util.List;
import java.util.Map;

/**
 * An affinity that also sees responses: to set a cookie, or to learn one. Called by many threads at
 * once. Embedders may implement it; methods that are added later have defaults.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 * @see LbCookieAffinity
 * @see AppCookieAffinity
 */
public interface HttpAffinity<Q, S> extends Affinity<Q> {

  /** {@return how requests and responses are read} */
  HttpAccess<Q, S> access();

  /**
   * Handles a response of a backend before it goes to the client. Called for final responses only,
   * at most once for a request.
   *
   * @param request the request as it was received
   * @param route the route to the backend that responded
   * @param response the response, which may be changed
   */
  void onResponse(Q request, Route route, S response);

  /**
   * Makes a response delete the cookie that this affinity sets, instead of setting it. The default
   * sets none and does nothing.
   *
   * @param response the response, which may be changed
   */
  default void clear(S response) {}

  /**
   * Returns the fields of a request that change on the way to the backend. The default changes
   * none.
   *
   * @param request the request, which is not changed
   * @return the new values by the field's name; an empty list means to leave the field out
   */
  default Map<String, List<String>> fieldsToBackend(Q request) {
    return Map.of();
  }

  /**
   * Refuses a router of a pool that this affinity is not for. The default is for any pool.
   *
   * @param pool the router's
   * @throws IllegalArgumentException if this affinity is for another
   */
  default void checkPool(Pool pool) {}

  /** {@return what was done with responses so far} */
  ResponseStats responseStats();

  /**
   * {@return an affinity that leaves requests and responses as they are, such as one by a header}
   *
   * @param affinity knows the sessions
   * @param access reads the embedder's requests and responses
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   */
  static <Q, S> HttpAffinity<Q, S> of(Affinity<? super Q> affinity, HttpAccess<Q, S> access) {
    return new RequestAffinity<>(affinity, access);
  }
}
