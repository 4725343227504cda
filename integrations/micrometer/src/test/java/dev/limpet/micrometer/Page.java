package dev.limpet.micrometer;

import dev.limpet.l7.HttpAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request or a response: its fields. */
record Page(Map<String, List<String>> fields) {
  static final HttpAccess<Page, Page> ACCESS = new HttpAccess<>() {
    @Override
    public List<String> requestFields(Page request, String name) {
      return request.fields().getOrDefault(name, List.of());
    }

    @Override
    public int status(Page response) {
      return 200;
    }

    @Override
    public List<String> fields(Page response, String name) {
      return response.fields().getOrDefault(name, List.of());
    }

    @Override
    public void setFields(Page response, String name, List<String> values) {
      response.fields().put(name, values);
    }
  };

  static Page of(String name, String value) {
    return new Page(new HashMap<>(Map.of(name, List.of(value))));
  }

  static Page empty() {
    return new Page(new HashMap<>());
  }
}
