package dev.limpet.vertx.internal.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** The body of a client's request, as far as its header section tells. */
final class RequestBody {
  private RequestBody() {}

  /** Returns whether the header section tells whether there is a body. */
  static boolean isDeclared(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_2 || request.getHeader("content-length") != null;
  }

  /** Returns whether the client sends a body, as its header section tells. */
  static boolean isIn(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    return (length == null) ? request.headers().contains("transfer-encoding") : !length.equals("0");
  }
}
