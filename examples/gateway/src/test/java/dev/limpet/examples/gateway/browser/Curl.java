package dev.limpet.examples.gateway.browser;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Another operator, who uses the API without a browser. */
final class Curl {
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;
  private final Map<String, String> headers;

  /** An operator of the gateway whose console is at an address. */
  Curl(String console) {
    this(console, Map.of());
  }

  /** The same with a token. */
  Curl(String console, String token) {
    this(console, Map.of("Authorization", "Bearer " + token));
  }

  private Curl(String console, Map<String, String> headers) {
    this.base = URI.create(console);
    this.headers = headers;
  }

  JsonObject state() throws Exception {
    return get("/api/state");
  }

  JsonObject get(String path) throws Exception {
    return body(client.send(request(path).build(), BodyHandlers.ofString()));
  }

  /** Makes a change of whatever version there is, and returns the answer. */
  JsonObject change(String method, String path, String body) throws Exception {
    HttpRequest request = request(path)
        .header("Content-Type", "application/json")
        .header("If-Match", "*")
        .method(method, BodyPublishers.ofString(body))
        .build();
    return body(client.send(request, BodyHandlers.ofString()));
  }

  JsonObject post(String path, JsonObject body) throws Exception {
    HttpRequest request = request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.encode()))
        .build();
    return body(client.send(request, BodyHandlers.ofString()));
  }

  String version() throws Exception {
    return state().getString("version");
  }

  /** Returns what the state says of a pool or, in the profile classic, of a listener. */
  JsonObject owner(String name) throws Exception {
    return named(state().getJsonArray("owners"), "owner", name);
  }

  /** Returns what the state says of a backend. */
  JsonObject backend(String pool, String id) throws Exception {
    JsonObject found = named(state().getJsonArray("pools"), "name", pool);
    return named(found.getJsonArray("backends"), "id", id);
  }

  /** Returns how many requests of a listener had an outcome. */
  long requests(String listener, String outcome) throws Exception {
    JsonArray listeners = get("/api/figures").getJsonArray("listeners");
    return named(listeners, "name", listener).getJsonObject("requests").getLong(outcome, 0L);
  }

  static JsonObject named(JsonArray all, String key, String name) {
    return all.stream()
        .map(JsonObject.class::cast)
        .filter(one -> name.equals(one.getString(key)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(key + ": " + name + " (expected: one of " + all));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    headers.forEach(request::header);
    return request;
  }

  private static JsonObject body(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }
}
