package dev.limpet.benchmarks;

import dev.limpet.l7.HttpAccess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A response as a proxy represents it. */
final class Response {
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  Response() {}

  /** Makes a response that sets a cookie. */
  Response(String setCookie) {
    fields.put("Set-Cookie", List.of(setCookie));
  }

  /** Returns the name and value of the cookie that it sets. */
  String cookie() {
    String field = fields.getOrDefault("Set-Cookie", List.of()).get(0);
    return field.substring(0, field.indexOf(';'));
  }

  /** Reads requests and responses for a router. */
  static final class Access implements HttpAccess<Request, Response> {

    @Override
    public List<String> requestFields(Request request, String name) {
      return name.equals("Cookie") ? request.cookies() : List.of();
    }

    @Override
    public int status(Response response) {
      return 200;
    }

    @Override
    public List<String> fields(Response response, String name) {
      return response.fields.getOrDefault(name, List.of());
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      response.fields.put(name, values);
    }
  }
}
