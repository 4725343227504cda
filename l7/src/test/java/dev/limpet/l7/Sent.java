package dev.limpet.l7;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request that can be changed, as those of most frameworks, and an access that counts. */
final class Sent {
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static Sent of(String... cookies) {
    return of(List.of(cookies));
  }

  static Sent of(List<String> cookies) {
    Sent sent = new Sent();
    if (!cookies.isEmpty()) {
      sent.fields.put("Cookie", cookies);
    }
    return sent;
  }

  static Sent by(Browser browser) {
    return of(browser.request().cookies());
  }

  Sent with(String name, String value) {
    fields.put(name, List.of(value));
    return this;
  }

  /** What a filter may do before the proxy connects. */
  void remove(String name) {
    fields.remove(name);
  }

  List<String> cookies() {
    return fields.getOrDefault("Cookie", List.of());
  }

  String field(String name) {
    return fields.getOrDefault(name, List.of("")).get(0);
  }

  /** Reads requests and responses, and counts how often the Cookie field was read. */
  static class Access implements HttpAccess<Sent, Response> {
    private int cookieReads;

    int cookieReads() {
      return cookieReads;
    }

    @Override
    public List<String> requestFields(Sent request, String name) {
      cookieReads += name.equalsIgnoreCase("Cookie") ? 1 : 0;
      return request.fields.get(name);
    }

    @Override
    public int status(Response response) {
      return Response.ACCESS.status(response);
    }

    @Override
    public List<String> fields(Response response, String name) {
      return response.fields(name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      Response.ACCESS.setFields(response, name, values);
    }
  }
}
