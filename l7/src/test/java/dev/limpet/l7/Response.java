package dev.limpet.l7;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A response as an embedder may have it, and how it is read. */
final class Response {

  /** Reads requests and responses of these classes. */
  static final HttpAccess<Request, Response> ACCESS = new HttpAccess<>() {
    @Override
    public List<String> requestFields(Request request, String name) {
      return name.equalsIgnoreCase("Cookie") ? request.cookies() : List.of();
    }

    @Override
    public boolean isSecure(Request request) {
      return request.overTls();
    }

    @Override
    public int status(Response response) {
      return response.status;
    }

    @Override
    public List<String> fields(Response response, String name) {
      return response.fields(name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      response.changes++;
      response.fields.put(name, List.copyOf(values));
    }
  };

  private final int status;
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private int changes;

  private Response(int status) {
    this.status = status;
  }

  static Response ok() {
    return of(200);
  }

  static Response of(int status) {
    return new Response(status);
  }

  Response with(String name, String... values) {
    fields.put(name, List.of(values));
    return this;
  }

  List<String> fields(String name) {
    return fields.getOrDefault(name, List.of());
  }

  List<String> setCookies() {
    return fields("set-cookie");
  }

  /** How often a field was set by an affinity. */
  int changes() {
    return changes;
  }
}
