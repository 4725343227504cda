package dev.limpet.vertx.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;

/** Sends a backend's response to a client. For the event loop of both. */
final class ResponseRelay {
  private static final int RESET_CONTENT = 205;
  private static final int NOT_MODIFIED = 304;

  private final HttpServerRequest request;
  private final HttpServerResponse to;
  private boolean hasBody;
  private boolean endsByClose;

  ResponseRelay(HttpServerRequest request) {
    this.request = request;
    this.to = request.response();
  }

  /** Passes on an interim response, where Vert.x and the client know its kind; else drops it. */
  void interim(HttpResponse from) {
    if (!from.status().equals(HttpResponseStatus.EARLY_HINTS)) {
      return;
    }
    MultiMap links = MultiMap.caseInsensitiveMultiMap();
    links.add("link", from.headers().getAll("link"));
    if (knowsInterim(request) && !to.writeQueueFull() && !links.isEmpty()) {
      to.writeEarlyHints(links);
    }
  }

  /**
   * Takes over the head, which is written with the first piece of the body or with {@link
   * #flushHead}.
   */
  void head(HttpResponse from) {
    HttpResponseStatus status = from.status();
    HttpHeaders headers = from.headers();
    to.setStatusCode(status.code());
    if (status.code() != NOT_MODIFIED && !isUsual(status)) { // Vert.x knows its own 304 only
      to.setStatusMessage(status.reasonPhrase());
    }
    pass(headers, HopByHop.of(headers.getAll(HttpHeaderNames.CONNECTION)), to.headers());
  }

  private static boolean isUsual(HttpResponseStatus status) {
    return status
        .reasonPhrase()
        .equals(HttpResponseStatus.valueOf(status.code()).reasonPhrase());
  }

  private static void pass(HttpHeaders from, HopByHop dropped, MultiMap to) {
    from.iteratorCharSequence().forEachRemaining(field -> {
      if (!dropped.contains(field.getKey())) {
        to.add(field.getKey(), field.getValue());
      }
    });
  }

  /** Decides how the body is framed, once nothing more is added to the head. */
  void frame() {
    int status = to.getStatusCode();
    hasBody = !request.method().equals(HttpMethod.HEAD)
        && status != 204
        && status != RESET_CONTENT
        && status != NOT_MODIFIED;
    if (status == RESET_CONTENT) {
      to.putHeader("content-length", "0");
    }
    boolean isKnown = to.headers().contains("content-length");
    endsByClose = hasBody && !isKnown && request.version() == HttpVersion.HTTP_1_0;
    if (hasBody && !isKnown && !endsByClose) {
      to.setChunked(true);
    }
  }

  /** Sends the head if its body keeps it waiting. */
  void flushHead() {
    if (to.headWritten()) {
      return;
    }
    if (endsByClose) {
      to.write(Buffer.buffer());
    } else {
      to.writeHead();
    }
  }

  /** Sends a piece of the body, which is released, and returns whether the client takes more. */
  boolean body(ByteBuf piece) {
    if (!hasBody) {
      piece.release();
      return true;
    }
    to.write(BufferInternal.safeBuffer(piece));
    return !to.writeQueueFull();
  }

  /** Ends the response with a last piece, which is released. */
  void end(LastHttpContent last) {
    if (to.isChunked()) {
      pass(last.trailingHeaders(), HopByHop.OF_EVERY_MESSAGE, to.trailers());
    }
    Future<Void> sent = hasBody ? to.end(BufferInternal.safeBuffer(last.content())) : to.end();
    if (!hasBody) {
      last.release();
    }
    if (endsByClose) {
      sent.onSuccess(ended -> request.connection().close());
    }
  }

  /** Lets the client send its body, if it has to be told. */
  static void goOn(HttpServerRequest request) {
    if (knowsInterim(request) && "100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
  }

  /** A client of HTTP/1.0 takes a response of 1xx for the final one. */
  private static boolean knowsInterim(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_1_0;
  }
}
