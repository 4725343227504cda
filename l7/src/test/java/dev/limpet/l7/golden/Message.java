package dev.limpet.l7.golden;

import dev.limpet.l7.HttpAccess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request or a response of an embedder. */
final class Message {
  static final HttpAccess<Message, Message> ACCESS = new HttpAccess<>() {
    @Override
    public List<String> requestFields(Message request, String name) {
      return request.fields(name);
    }

    @Override
    public String method(Message request) {
      return "POST";
    }

    @Override
    public int status(Message response) {
      return 200;
    }

    @Override
    public List<String> fields(Message response, String name) {
      return response.fields(name);
    }

    @Override
    public void setFields(Message response, String name, List<String> lines) {
      response.fields.put(name, lines);
    }
  };

  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  Message with(String name, String line) {
    fields.put(name, List.of(line));
    return this;
  }

  List<String> fields(String name) {
    return fields.getOrDefault(name, List.of());
  }
}
