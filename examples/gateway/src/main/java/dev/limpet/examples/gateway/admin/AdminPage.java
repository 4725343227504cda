package dev.limpet.examples.gateway.admin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Set;

/** A page at a path of the port for operators. */
interface AdminPage {

  /** Returns the methods that the page has. A page that has GET is asked for HEAD, too. */
  Set<HttpMethod> methods();

  /** Returns whether the page contains nothing that needs the token. */
  default boolean isPublic() {
    return false;
  }

  /**
   * Answers a request with one of the methods. Called by the event loop, so it must not block.
   *
   * @param names the segments that the names in the page's path stand for
   * @param vertx runs work that blocks
   */
  void answer(HttpServerRequest request, Map<String, String> names, Vertx vertx);
}
