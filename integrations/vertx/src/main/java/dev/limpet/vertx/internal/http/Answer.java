package dev.limpet.vertx.internal.http;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.l7.StickyExchange;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** An answer that the proxy makes itself. */
public final class Answer {

  private static final String SESSION_REFUSED = "the backend of this session cannot serve it";
  private static final String NO_BACKEND = "no backend can serve this request";

  private static final String SESSION_OVER = "this session is over, begin a new one";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String TERMINATED = error(-32_001, "Session terminated");
  private static final String UNAVAILABLE = error(-32_000, "Unavailable, try again");
  private static final int OVER = 404;

  private static final long INTERNAL_ERROR =
      2; // of HTTP/2, where 0 may be taken for a whole response

  private Answer() {}

  /** Returns an error of JSON-RPC. The id of the request is not known, as its body is not read. */
  private static String error(int code, String message) {
    return "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" + code + ",\"message\":\"" + message
        + "\"},\"id\":null}";
  }

  /**
   * Answers that there is no backend.
   *
   * @param isJsonRpc whether the client expects an error of JSON-RPC, which says whether its
   *     session is over
   */
  static void noBackend(HttpServerRequest request, StickyExchange<?, ?> sticky, boolean isJsonRpc) {
    int status = sticky.statusWithoutBackend();
    Route route = sticky.route();
    if (isJsonRpc) {
      sendJson(request, status);
    } else if (status == OVER) {
      send(request, status, SESSION_OVER);
    } else {
      String refused = (route.outcome() == Outcome.REFUSED) ? SESSION_REFUSED : NO_BACKEND;
      send(request, status, refused + why(route));
    }
  }

  private static void sendJson(HttpServerRequest request, int status) {
    send(request, status, JSON, (status == OVER) ? TERMINATED : UNAVAILABLE);
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
    if (reason == Reason.BACKEND_EJECTED && route.outcome() == Outcome.REFUSED) {
      return ": it is ejected after failures";
    }
    return (route.outcome() == Outcome.REFUSED) ? ": it is down" : ": all are down or draining";
  }

  /** Answers with a reason, unless the response has ended; resets one that has begun. */
  public static void send(HttpServerRequest request, int status, String reason) {
    send(request, status, TEXT, reason + "\n");
  }

  private static void send(HttpServerRequest request, int status, String type, String body) {
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
        .putHeader("content-type", type)
        .putHeader("cache-control", "no-store");
    if (type.equals(JSON) && status != OVER) {
      response.putHeader("retry-after", "1");
    }
    response.end(body);
    if (!request.isEnded()) {
      request.resume();
    }
  }
}
