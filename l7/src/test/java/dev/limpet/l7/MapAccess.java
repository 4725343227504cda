package dev.limpet.l7;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and changes messages of a framework that returns null for whatever is not there. */
class MapAccess implements HttpAccess<MapAccess.Message, MapAccess.Message> {
  static final int DEFAULT_STATUS = 200;

  /** A request or a response. */
  static final class Message {
    String target;
    boolean overTls;
    Integer status;
    final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    void add(String name, String value) {
      fields.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    }
  }

  @Override
  public List<String> requestFields(Message request, String name) {
    return request.fields.get(name);
  }

  @Override
  public String target(Message request) {
    return request.target;
  }

  @Override
  public boolean isSecure(Message request) {
    return request.overTls;
  }

  @Override
  public int status(Message response) {
    return (response.status == null) ? DEFAULT_STATUS : response.status;
  }

  @Override
  public List<String> fields(Message response, String name) {
    return response.fields.get(name);
  }

  @Override
  public void setFields(Message response, String name, List<String> lines) {
    if (lines.isEmpty()) {
      remove(response, name);
    } else {
      set(response, name, lines);
    }
  }

  void set(Message response, String name, List<String> lines) {
    response.fields.put(name, new ArrayList<>(lines));
  }

  void remove(Message response, String name) {
    response.fields.remove(name);
  }
}
