package dev.limpet.examples.gateway.http;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** An answer that the gateway makes itself. */
final class Answer {

  private Answer() {}

  static void noBackend(HttpServerRequest request, Route route) {
    String why = (route.outcome() == Outcome.REFUSED)
        ? "the backend of this session cannot serve it"
        : "no backend can serve this request";
    send(request, 503, why + " (" + route.reason() + ")");
  }

  static void send(HttpServerRequest request, int status, String reason) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response.headers().clear();
    response
        .setStatusCode(status)
        .putHeader("content-type", "text/plain; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(reason + "\n");
    request.resume();
  }
}
