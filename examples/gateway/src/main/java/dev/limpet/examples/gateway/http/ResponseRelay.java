package dev.limpet.examples.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** Sends a backend's response to the client. */
final class ResponseRelay {
  /*
   * ProxyResponse of vertx-http-proxy is not used: it forwards hop-by-hop fields, fails on a Cache-Control
   * or Expires that it cannot parse, collects the whole body for an HTTP/1.0 client and drops trailers.
   */

  private ResponseRelay() {}

  static void head(HttpClientResponse from, HttpServerResponse to) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(from.headers());
    HopByHop.remove(headers);
    to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
    headers.forEach(field -> to.headers().add(field.getKey(), field.getValue()));
  }

  static void body(HttpServerRequest request, HttpClientResponse from) {
    HttpServerResponse to = request.response();
    if (hasBody(request, from)) {
      boolean close = frame(request.version(), to);
      from.pipe()
          .endOnComplete(false)
          .to(to)
          .onComplete(done -> end(request, from, close), lost -> to.reset());
    } else {
      from.resume();
      to.end();
    }
  }

  static void earlyHints(MultiMap hints, HttpServerRequest request) {
    HttpServerResponse to = request.response();
    MultiMap links = MultiMap.caseInsensitiveMultiMap();
    links.add("link", hints.getAll("link"));
    if (knowsInformational(request) && !to.headWritten() && !links.isEmpty()) {
      to.writeEarlyHints(links);
    }
  }

  /** Lets the client send its body, if it has to be told. */
  static void goOn(HttpServerRequest request) {
    if (knowsInformational(request)) {
      request.response().writeContinue();
    }
  }

  /** A client of HTTP/1.0 takes a response of 1xx for the final one. */
  private static boolean knowsInformational(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_1_0;
  }

  private static boolean hasBody(HttpServerRequest request, HttpClientResponse from) {
    int status = from.statusCode();
    return !request.method().equals(HttpMethod.HEAD) && status != 204 && status != 304;
  }

  /** Whether the end of the body is told by closing the connection. */
  private static boolean frame(HttpVersion version, HttpServerResponse to) {
    boolean known = to.headers().contains("content-length");
    if (!known && version != HttpVersion.HTTP_1_0) {
      to.setChunked(true);
    }
    return !known && version == HttpVersion.HTTP_1_0;
  }

  private static void end(HttpServerRequest request, HttpClientResponse from, boolean close) {
    HttpServerResponse to = request.response();
    if (to.isChunked()) {
      to.trailers().addAll(from.trailers());
    }
    to.end().onSuccess(sent -> {
      if (close) {
        request.connection().close();
      }
    });
  }
}
