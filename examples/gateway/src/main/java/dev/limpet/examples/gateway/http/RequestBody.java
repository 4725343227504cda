package dev.limpet.examples.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** The body of a client's request. */
final class RequestBody {
  private RequestBody() {}

  /** Returns whether the client sends a body, as far as its header section says. */
  static boolean isIn(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    if (length != null) {
      return !length.equals("0");
    }
    return request.headers().contains("transfer-encoding")
        || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
  }
}
