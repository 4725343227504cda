package dev.limpet.examples.gateway.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;

/**
 * Passes a console on, with markup as the names of pools and listeners and in all sentences. No
 * gateway has such names, so this shows what the page would make of them.
 */
final class MarkupGateway implements AutoCloseable {
  static final String MARKUP = "<img src=x onerror=\"window.hacked=1\">";

  private static final String NAME = "web";
  private static final Set<String> SENTENCES = Set.of("text", "advice", "effective");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI gateway;
  private final HttpServer server;

  private MarkupGateway(URI gateway) throws IOException {
    this.gateway = gateway;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts one for the gateway whose console is at an address. */
  static MarkupGateway before(String console) throws IOException {
    return new MarkupGateway(URI.create(console));
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + '/';
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** A stream ends after its first line, so that nothing has to be passed on for long. */
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    HttpResponse<String> found = found(path.replace("/stream", ""));
    boolean isJson = path.startsWith("/api/");
    String body = isJson ? marked("", new JsonObject(found.body())) + "\n" : found.body();
    for (String name : Set.of("Content-Type", "Content-Security-Policy", "ETag")) {
      found
          .headers()
          .firstValue(name)
          .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
    }
    exchange.sendResponseHeaders(found.statusCode(), body.getBytes(UTF_8).length);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }

  private HttpResponse<String> found(String path) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(gateway.resolve(path)).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static Object marked(String key, Object value) {
    if (value instanceof JsonObject object) {
      JsonObject marked = new JsonObject();
      object.forEach(entry -> marked.put(
          entry.getKey(),
          entry.getValue() == null ? null : marked(entry.getKey(), entry.getValue())));
      return marked;
    }
    if (value instanceof JsonArray list) {
      JsonArray marked = new JsonArray();
      list.forEach(item -> marked.add(marked("", item)));
      return marked;
    }
    return value.equals(NAME) || (value instanceof String && SENTENCES.contains(key))
        ? MARKUP
        : value;
  }
}
