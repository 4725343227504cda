package dev.limpet.l7;

import java.util.List;

/**
 * Reads and changes the embedder's own requests and responses. Embedders implement it; methods that
 * are added later have defaults. It has no state of its own and is called by many threads at once.
 * What frameworks return as null counts as empty.
 *
 * <pre>{@code
 * HttpAccess<Request, Response> access = new HttpAccess<>() {
 *   public List<String> requestFields(Request request, String name) {
 *     return request.headers().get(name);
 *   }
 *   public int status(Response response) { return response.status(); }
 *   public List<String> fields(Response response, String name) {
 *     return response.headers().get(name);
 *   }
 *   public void setFields(Response response, String name, List<String> values) {
 *     response.headers().set(name, values);
 *   }
 * };
 * }</pre>
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public interface HttpAccess<Q, S> {

  /**
   * Returns the values of a field of a request as they were received: one for each line, in order,
   * of which HTTP/2 has several for {@code Cookie}. The list is read by index and not changed.
   *
   * @param request the request
   * @param name the field's name, in any case
   * @return the values; empty or null if there are none
   */
  List<String> requestFields(Q request, String name);

  /**
   * Returns the target of a request as it was received: path and query. Empty by default; needed
   * where sessions are identified by it.
   *
   * @param request the request
   * @return such as {@code /cart?id=7}; empty or null if it is not known
   */
  default String target(Q request) {
    return "";
  }

  /**
   * {@return whether a request came over TLS from its client} Then an LB cookie that answers it is
   * {@code Secure}. False by default.
   *
   * @param request the request
   */
  default boolean isSecure(Q request) {
    return false;
  }

  /**
   * Returns the status code of a response.
   *
   * @param response the response
   * @return 100..999
   */
  int status(S response);

  /**
   * Returns the values of a field of a response, one for each line, in order. The list is read by
   * index and not changed.
   *
   * @param response the response
   * @param name the field's name, in any case
   * @return the values; empty or null if there are none
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
