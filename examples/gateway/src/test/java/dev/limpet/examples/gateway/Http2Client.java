package dev.limpet.examples.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/**
 * A client of HTTP/2 without TLS. Vert.x closes one that nobody holds; this holds its own until it
 * is closed.
 */
final class Http2Client implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
      .setProtocolVersion(HttpVersion.HTTP_2)
      .setHttp2ClearTextUpgrade(false));

  Future<HttpClientRequest> request(HttpMethod method, TestGateway gateway, String path) {
    return client.request(method, gateway.port(), "127.0.0.1", path);
  }

  /**
   * The body of the answer to a GET.
   *
   * @param cookie the Cookie field; may be empty
   */
  Future<String> get(TestGateway gateway, String path, String cookie) {
    return request(HttpMethod.GET, gateway, path)
        .compose(request -> sendForBody(request.putHeader("cookie", cookie)));
  }

  /**
   * Sends a request, and returns the body of its answer. Call this on the event loop of the
   * request, as a function that is given to compose: on another thread, the body may come before
   * anybody waits for it, and is lost.
   */
  static Future<String> sendForBody(HttpClientRequest request) {
    return request.send().compose(HttpClientResponse::body).map(Buffer::toString);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    client
        .close()
        .eventually(vertx::close)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
