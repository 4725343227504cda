package dev.limpet.l7;

import java.util.List;

/**
 * Reads and changes the embedder's own requests and responses. Embedders implement it; methods that
 * are added later have defaults. Implementations must be stateless, because many threads call them
 * at once. A result of null counts as empty, as some frameworks return it. {@code
 * HttpAccessContract}, in this module's test jar, tests an implementation.
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
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public interface HttpAccess<Q, S> {

  /**
   * Returns the values of a request's field as they were received, one for each line, in order.
   * HTTP/2 may have several lines for {@code Cookie}. Callers read the list by index and do not
   * change it.
   *
   * @param request the request
   * @param name the field's name, in any case
   * @return the values; empty or null if there are none
   */
  List<String> requestFields(Q request, String name);

  /**
   * Returns the target of a request as it was received: path and query. Empty by default. Needed
   * only if it identifies sessions.
   *
   * @param request the request
   * @return the target, such as {@code /cart?id=7}; empty or null if it is unknown
   */
  default String target(Q request) {
    return "";
  }

  /**
   * Returns the method of a request as it was received. Empty by default. Needed only by affinities
   * that end sessions by the method, such as {@link McpAffinity}.
   *
   * @param request the request
   * @return the method, such as {@code GET}; empty or null if it is unknown
   */
  default String method(Q request) {
    return "";
  }

  /**
   * {@return true if a request came from its client over TLS; false by default} In that case, LB
   * cookies in its response are {@code Secure}.
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
   * @return the status code, 100..999; before a status is set, the default one of the response
   */
  int status(S response);

  /**
   * Returns the values of a response's field, one for each line, in order. Callers read the list by
   * index and do not change it. The list must not change when {@link #setFields} is called later,
   * so it may be a view of the response only if setting a field leaves the viewed list as it was.
   *
   * @param response the response
   * @param name the field's name, in any case
   * @return the values; empty or null if there are none
   */
  List<String> fields(S response, String name);

  /**
   * Replaces all values of a response's field.
   *
   * @param response the response
   * @param name the field's name, in any case
   * @param values the values, one for each line, in order; empty to remove the field. Never join
   *     them into one line: browsers lose joined {@code Set-Cookie} lines
   */
  void setFields(S response, String name, List<String> values);
}
