package dev.limpet.examples.plain;

import com.sun.net.httpserver.HttpExchange;
import dev.limpet.core.Backend;
import dev.limpet.examples.plain.JdkAccess.Response;
import dev.limpet.l7.StickyExchange;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Messages on their way through the proxy. */
final class Messages {
  private static final List<String> OF_ONE_CONNECTION = List.of(
      "Connection",
      "Keep-Alive",
      "Proxy-Connection",
      "TE",
      "Trailer",
      "Transfer-Encoding",
      "Upgrade",
      "Expect",
      "HTTP2-Settings");

  private Messages() {}

  /** Returns a request to a backend. */
  static HttpRequest request(
      StickyExchange<HttpExchange, Response> exchange, Backend to, byte[] body) {
    HttpExchange http = exchange.request();
    URI target = http.getRequestURI();
    String query = (target.getRawQuery() == null) ? "" : '?' + target.getRawQuery();
    HttpRequest.Builder request = HttpRequest.newBuilder()
        .uri(URI.create("http://" + to.authority() + target.getRawPath() + query))
        .method(http.getRequestMethod(), BodyPublishers.ofByteArray(body))
        .timeout(Duration.ofMinutes(1));
    Map<String, List<String>> fields =
        passedOn(http.getRequestHeaders(), exchange.fieldsToBackend());
    fields.remove("Content-Length"); // the client sets it
    fields.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    return request.build();
  }

  /** Returns the length as the server expects it: -1 for no body, and 0 for an unknown length. */
  static long length(HttpResponse<?> response) {
    boolean none = response.request().method().equals("HEAD")
        || response.statusCode() == 204
        || response.statusCode() == 304;
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    return (none || length == 0) ? -1 : Math.max(length, 0);
  }

  /** Returns the fields that a proxy passes on, with some of them replaced. */
  static Map<String, List<String>> passedOn(
      Map<String, List<String>> received, Map<String, List<String>> replaced) {
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fields.putAll(received);
    Set<String> dropped = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    dropped.addAll(OF_ONE_CONNECTION);
    for (String line : fields.getOrDefault("Connection", List.of())) {
      dropped.addAll(List.of(line.split("\\s*,\\s*", -1)));
    }
    fields.keySet().removeAll(dropped);
    fields.putAll(replaced);
    return fields;
  }
}
