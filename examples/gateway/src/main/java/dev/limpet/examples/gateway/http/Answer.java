package dev.limpet.examples.gateway.http;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** An answer that the gateway makes itself. */
final class Answer {

  private static final String SESSION_REFUSED = "the backend of this session cannot serve it";
  private static final String NO_BACKEND = "no backend can serve this request";

  private static final long INTERNAL_ERROR =
      2; // of HTTP/2, where 0 may be taken for a whole response

  private Answer() {}

  static void noBackend(HttpServerRequest request, Route route) {
    send(
        request,
        503,
        (route.outcome() == Outcome.REFUSED ? SESSION_REFUSED : NO_BACKEND) + why(route));
  }

  /** What the reason says of backends; what it says of the session is no reason for the client. */
  private static String why(Route route) {
    Reason reason = route.reason();
    if (reason == Reason.CONNECT_FAILED) {
      return ": cannot connect";
    }
    if (reason == Reason.BACKEND_FULL) {
      return ": no connection is left";
    }
    return (route.outcome() == Outcome.REFUSED) ? ": it is down" : ": all are down or draining";
  }

  static void send(HttpServerRequest request, int status, String reason) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset(INTERNAL_ERROR);
      return;
    }
    response.headers().clear();
    response
        .setStatusCode(status)
        .setStatusMessage(HttpResponseStatus.valueOf(status).reasonPhrase())
        .putHeader("content-type", "text/plain; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(reason + "\n");
    if (!request.isEnded()) {
      request.resume();
    }
  }
}
