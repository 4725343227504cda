package dev.limpet.examples.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/** A kept-alive HTTP connection: a client of its own, so that no other user's is shared. */
final class HttpConnection implements Connection {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final String base;

  private HttpConnection(HttpClient client, String base) {
    this.client = client;
    this.base = base;
  }

  /** Returns what opens the connections of one user, who has cookies of their own. */
  static Opener to(InetAddress host, int port) {
    String base = "http://" + host.getHostAddress() + ":" + port;
    CookieManager cookies = new CookieManager();
    return () -> new HttpConnection(client(cookies), base);
  }

  private static HttpClient client(CookieManager cookies) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(TIMEOUT)
        .cookieHandler(cookies)
        .build();
  }

  @Override
  public Answer login(String user) throws IOException, InterruptedException {
    return send(request("/login?user=" + user).POST(BodyPublishers.noBody()));
  }

  @Override
  public Answer whoami(String user) throws IOException, InterruptedException {
    return send(request("/whoami"));
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(base + target)).timeout(TIMEOUT);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString(UTF_8));
    String backend = response.headers().firstValue(HttpLogin.BACKEND_FIELD).orElse("");
    return switch (response.statusCode()) {
      case 200 -> new Answer(backend, true);
      case 401 -> new Answer(backend, false);
      default ->
        throw new IOException(response.statusCode() + ": " + response.body().strip());
    };
  }

  /** Closes the client where the JDK can (21 or newer); an older one closes it when it is collected. */
  @Override
  public void close() throws IOException {
    if (client instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
