package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/** Sends the answers of the port for operators. */
final class AdminAnswer {
  /*
   * No browser and no proxy may keep an answer, and no other site may read, frame or guess it, or
   * keep hold of the page's window. The page may load from here alone, and run no script but its
   * files.
   */
  private static final Map<String, String> GUARDS = Map.of(
      "cache-control",
      "no-store",
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "cross-origin-opener-policy",
      "same-origin",
      "cross-origin-resource-policy",
      "same-origin",
      "referrer-policy",
      "no-referrer",
      "x-content-type-options",
      "nosniff");

  private static final String API = "/api/";

  private AdminAnswer() {}

  /** Answers with a status and its phrase. */
  static void send(HttpServerRequest request, HttpResponseStatus status) {
    send(request, plain(request, status));
  }

  /** Makes the answer of a status and its phrase, in the format of the request's path. */
  static Reply plain(HttpServerRequest request, HttpResponseStatus status) {
    return request.uri().startsWith(API)
        ? Problem.of(status, status.reasonPhrase())
        : Reply.text(status);
  }

  /** Answers with a content, or only with its length if the method is HEAD. */
  static void send(HttpServerRequest request, String type, Buffer content) {
    send(request, new Reply(HttpResponseStatus.OK, type, Map.of(), content));
  }

  /** Sends an answer, or only its length if the method is HEAD. */
  static void send(HttpServerRequest request, Reply reply) {
    HttpServerResponse response = begin(request, reply);
    Buffer content = reply.content();
    if (reply.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
      Future<Void> unused = response.end();
    } else if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(content.length()));
      Future<Void> unused = response.end();
    } else {
      Future<Void> unused = response.end(content);
    }
  }

  /** Returns the response with the status and all fields of an answer. */
  static HttpServerResponse begin(HttpServerRequest request, Reply reply) {
    HttpServerResponse response =
        request.response().setStatusCode(reply.status().code());
    GUARDS.forEach(response::putHeader);
    reply.fields().forEach(response::putHeader);
    return response.putHeader(HttpHeaderNames.CONTENT_TYPE, reply.type());
  }
}
