package dev.limpet.examples.vertx;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client that keeps cookies. */
final class Ask {
  private final HttpClient client = HttpClient.newBuilder()
      .cookieHandler(new CookieManager())
      .connectTimeout(Duration.ofSeconds(10))
      .build();

  HttpResponse<String> get(int port) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/");
    return client.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  String body(int port) throws IOException, InterruptedException {
    return get(port).body();
  }
}
