package dev.limpet.examples.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** A user's connection over HTTP. */
public final class HttpConnection implements Connection {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final CookieManager cookies;
  private final String base;
  private final Closeable end;

  private HttpConnection(HttpClient client, CookieManager cookies, String base, Closeable end) {
    this.client = client;
    this.cookies = cookies;
    this.base = base;
    this.end = end;
  }

  /**
   * Returns an opener of the connections of one user, who has their own cookies. Each connection is
   * kept alive by its own client, so that it is not shared with other users.
   */
  static Opener to(InetAddress host, int port) {
    CookieManager cookies = new CookieManager();
    return () -> {
      HttpClient client = client();
      return new HttpConnection(client, cookies, base(host, port), () -> close(client));
    };
  }

  /** Returns a connection of a user with these cookies, over any of a client's connections. */
  public static Connection of(
      HttpClient client, CookieManager cookies, InetAddress host, int port) {
    return new HttpConnection(client, cookies, base(host, port), () -> {});
  }

  /** Returns a client, which sends no cookies by itself. */
  public static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(TIMEOUT)
        .build();
  }

  private static String base(InetAddress host, int port) {
    return "http://" + host.getHostAddress() + ":" + port;
  }

  @Override
  public Answer login(String user) throws IOException, InterruptedException {
    return send(request("/login?user=" + user).POST(BodyPublishers.noBody()));
  }

  @Override
  public Answer whoami(String user) throws IOException, InterruptedException {
    return send(request("/whoami"));
  }

  private HttpRequest.Builder request(String target) throws IOException {
    URI uri = URI.create(base + target);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    cookies
        .get(uri, Map.of())
        .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    return request;
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString(UTF_8));
    cookies.put(response.uri(), response.headers().map());
    String backend = response.headers().firstValue(HttpLogin.BACKEND_FIELD).orElse("");
    return switch (response.statusCode()) {
      case 200 -> new Answer(backend, true);
      case 401 -> new Answer(backend, false);
      default ->
        throw new IOException(response.statusCode() + ": " + response.body().strip());
    };
  }

  @Override
  public void close() throws IOException {
    end.close();
  }

  /**
   * Closes the client where the JDK can (21 or newer); an older JDK closes it when it is collected.
   */
  private static void close(HttpClient client) throws IOException {
    if (client instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
