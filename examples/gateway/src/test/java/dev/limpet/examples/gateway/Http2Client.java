package dev.limpet.examples.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/** A client of HTTP/2 without TLS. Vert.x closes one that nobody holds; this holds its own until it is closed. */
final class Http2Client implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
      .setProtocolVersion(HttpVersion.HTTP_2)
      .setHttp2ClearTextUpgrade(false));

  Future<HttpClientRequest> request(HttpMethod method, TestGateway gateway, String path) {
    return client.request(method, gateway.port(), "127.0.0.1", path);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(client.close());
    await(vertx.close());
  }
}
