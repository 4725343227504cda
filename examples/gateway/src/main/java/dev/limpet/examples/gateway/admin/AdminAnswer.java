package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** The answers of the port for operators. No browser and no proxy may keep them. */
final class AdminAnswer {
  private static final String TEXT = "text/plain; charset=utf-8";

  private AdminAnswer() {}

  /** Answers with a status and its phrase. */
  static void send(HttpServerRequest request, HttpResponseStatus status) {
    request.response().setStatusCode(status.code());
    send(request, TEXT, Buffer.buffer(status.reasonPhrase() + "\n"));
  }

  /** Answers with a content, or only with its length if the method is HEAD. */
  static void send(HttpServerRequest request, String type, Buffer content) {
    HttpServerResponse response = request.response();
    response
        .putHeader(HttpHeaderNames.CONTENT_TYPE, type)
        .putHeader(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(content.length()));
      Future<Void> unused = response.end();
    } else {
      Future<Void> unused = response.end(content);
    }
  }
}
