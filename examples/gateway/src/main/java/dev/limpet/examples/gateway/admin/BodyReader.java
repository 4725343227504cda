package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Reads the body of a request, within limits of size and time. */
final class BodyReader {
  /** The maximum size of a body: 64 KiB. */
  static final int MAX_BYTES = 64 << 10;

  private final HttpServerRequest request;
  private final Promise<Buffer> body = Promise.promise();
  private final Buffer read = Buffer.buffer();

  private BodyReader(HttpServerRequest request) {
    this.request = request;
  }

  /**
   * Reads a body. Call this in the turn of the event loop that delivers the request.
   *
   * @param limit the time within which the body must be complete
   * @return the body; fails with a {@link ProblemException} after which the connection must close
   */
  static Future<Buffer> read(HttpServerRequest request, Vertx vertx, Duration limit) {
    return new BodyReader(request).read(vertx, limit);
  }

  private Future<Buffer> read(Vertx vertx, Duration limit) {
    long timer = vertx.setTimer(
        Math.max(1, limit.toMillis()), late -> refuse(HttpResponseStatus.REQUEST_TIMEOUT));
    request
        .handler(this::add)
        .endHandler(end -> body.tryComplete(read))
        .exceptionHandler(thrown -> refuse(HttpResponseStatus.BAD_REQUEST));
    return body.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void add(Buffer part) {
    if (body.future().isComplete()) {
      return;
    }
    if (read.length() + part.length() > MAX_BYTES) {
      refuse(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    } else {
      read.appendBuffer(part);
    }
  }

  private void refuse(HttpResponseStatus status) {
    Reply reply = AdminAnswer.plain(request, status).with(HttpHeaderNames.CONNECTION, "close");
    body.tryFail(new ProblemException(reply));
  }
}
