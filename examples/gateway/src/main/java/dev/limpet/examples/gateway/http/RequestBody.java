package dev.limpet.examples.gateway.http;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** The body of a client's request. */
final class RequestBody {
  private RequestBody() {}

  /** Returns whether the client sends a body, as far as its header section says. */
  static boolean isIn(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    if (length != null) {
      return !length.equals("0");
    }
    return (request.version() == HttpVersion.HTTP_2)
        ? isOpen(request)
        : request.headers().contains("transfer-encoding");
  }

  /** Vert.x says of no request that it has ended before its handler has returned. */
  private static boolean isOpen(HttpServerRequest request) {
    Http2ConnectionHandler handler = ((ConnectionBase) request.connection())
        .channelHandlerContext()
        .pipeline()
        .get(Http2ConnectionHandler.class);
    Http2Stream stream = handler.connection().stream(request.response().streamId());
    return stream != null && stream.state().remoteSideOpen();
  }
}
