package dev.limpet.l7;

import java.util.List;

/**
 * Reads and changes cookies in the embedder's own requests and responses. Has no state of its own and is
 * called by many threads at once. Neither arguments nor results are ever null.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public interface CookieAccess<Q, S> {

  /**
   * Returns the values of the request's {@code Cookie} fields as they were received, in order, several in
   * HTTP/2. The list is read by index and not changed.
   *
   * @param request the request
   * @return the values; empty if there are none
   */
  List<String> cookies(Q request);

  /**
   * Returns the status code of a response.
   *
   * @param response the response
   * @return 100..999
   */
  int status(S response);

  /**
   * Returns the values of a field of a response, one for each line, in order. The list is read by index
   * and not changed.
   *
   * @param response the response
   * @param name the field's name, in any case
   * @return the values; empty if there are none
   */
  List<String> fields(S response, String name);

  /**
   * Replaces all values of a field of a response.
   *
   * @param response the response
   * @param name the field's name, in any case
   * @param values one for each line, in order; empty to remove the field
   */
  void setFields(S response, String name, List<String> values);
}
