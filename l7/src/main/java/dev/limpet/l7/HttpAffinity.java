package dev.limpet.l7;

import dev.limpet.core.Affinity;
import dev.limpet.core.Route;
import java.util.List;

/**
 * An affinity that also sees responses: to set a cookie, or to learn one. Called by many threads at once.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 * @see LbCookieAffinity
 * @see AppCookieAffinity
 */
public interface HttpAffinity<Q, S> extends Affinity<Q> {

  /** {@return how requests and responses are read} */
  CookieAccess<Q, S> access();

  /**
   * Handles a response of a backend before it goes to the client. Called for final responses only, at most
   * once for a request.
   *
   * @param request the request as it was received
   * @param route the route to the backend that responded
   * @param response the response, which may be changed
   */
  void onResponse(Q request, Route route, S response);

  /**
   * Makes a response delete the cookie that this affinity sets, instead of setting it. The default sets
   * none and does nothing.
   *
   * @param response the response, which may be changed
   */
  default void clear(S response) {}

  /**
   * Returns the Cookie fields to send to the backend.
   *
   * @param request the request, which is not changed
   * @return the fields; the list that was received if there is nothing to change
   */
  List<String> cookiesToBackend(Q request);

  /** {@return what was done with responses so far} */
  ResponseStats responseStats();

  /**
   * {@return an affinity that leaves responses and Cookie fields as they are, such as one by a header}
   *
   * @param affinity knows the sessions
   * @param access reads the embedder's requests and responses
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   */
  static <Q, S> HttpAffinity<Q, S> of(Affinity<? super Q> affinity, CookieAccess<Q, S> access) {
    return new RequestAffinity<>(affinity, access);
  }
}
