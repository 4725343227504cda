package dev.limpet.examples.gateway.http;

import dev.limpet.examples.gateway.net.BackendEnd;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;

/** The upgrade of a request to a WebSocket; the frames pass untouched. */
final class WebSocketUpgrade {
  /*
   * HttpProxy's own WebSocket support is not used: it reads both sides without back-pressure and answers
   * a refused upgrade without the backend's fields and body.
   *
   * A paused socket has its end when it is resumed, and the backend's is no socket but the streams of its
   * response and request; so its connection is watched itself.
   */

  private WebSocketUpgrade() {}

  static boolean asked(HttpServerRequest request) {
    return request.canUpgradeToWebSocket();
  }

  static void prepare(HttpServerRequest request, HttpClientRequest backend, MultiMap headers) {
    headers.remove("host");
    headers.forEach(field -> backend.headers().add(field.getKey(), field.getValue()));
    backend.putHeader("connection", "Upgrade").putHeader("upgrade", "websocket");
    if (request.authority() != null) {
      backend.authority(request.authority());
    }
  }

  /**
   * Answers 101 with the fields that the response has by now and joins the two connections.
   *
   * @param closed is run once the backend's connection is closed, by its event loop
   */
  static void tunnel(HttpServerRequest request, HttpClientResponse from, Runnable closed) {
    HttpServerResponse to = request.response();
    to.putHeader("connection", "Upgrade").putHeader("upgrade", "websocket");
    NetSocket backend = from.netSocket();
    backend.pause();
    BackendEnd end = BackendEnd.of(from.request().connection());
    end.whenClosed(closed);
    request
        .toNetSocket()
        .onSuccess(client -> client.closeHandler(gone -> {
          client.handler(backend::write);
          client.resume();
          end.closeSoon();
        }))
        .onComplete(client -> join(client, backend), lost -> end.closeSoon());
  }

  private static void join(NetSocket client, NetSocket backend) {
    client.pipeTo(backend);
    backend.pipeTo(client);
  }
}
