package dev.limpet.examples.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import org.jspecify.annotations.Nullable;

/** The body of a request while it is sent to one backend. */
record RequestBody(HttpServerRequest request, HttpClientRequest backend, long length)
    implements Body {
  /*
   * ProxyRequest.send chooses chunked encoding by the client's Transfer-Encoding, which HTTP/2 does not
   * have, and then fails on the first byte. It asks for the stream after that choice, so the choice is
   * made again here.
   */

  /** Whether the client sends a body, as far as its header section says. */
  static boolean present(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    if (length != null) {
      return !length.equals("0");
    }
    return request.headers().contains("transfer-encoding")
        || (isHttp2(request) && !request.isEnded());
  }

  static RequestBody of(HttpServerRequest request, HttpClientRequest backend) {
    String length = request.getHeader("content-length");
    return new RequestBody(request, backend, length == null ? -1 : Long.parseLong(length));
  }

  @Override
  public @Nullable String mediaType() {
    return null;
  }

  @Override
  public ReadStream<Buffer> stream() {
    backend.setChunked(length < 0);
    return request;
  }

  private static boolean isHttp2(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }
}
