package dev.limpet.examples.gateway.admin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** What is served at a path of the port for operators. */
interface AdminPage {

  /** Returns the methods that the page has. */
  Set<HttpMethod> methods();

  /**
   * Answers a request with one of the methods. Called by the event loop, so it must not block.
   *
   * @param vertx runs what blocks
   */
  void answer(HttpServerRequest request, Vertx vertx);
}
