package dev.limpet.vertx.internal.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * A question that browsers ask before a request to another origin, without cookies: CORS preflight.
 * They also take no cookies from the answer, so it can begin no session.
 */
public final class Preflight {
  private Preflight() {}

  /** Returns whether a request is such a question. */
  public static boolean is(HttpServerRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.headers().contains("access-control-request-method");
  }
}
