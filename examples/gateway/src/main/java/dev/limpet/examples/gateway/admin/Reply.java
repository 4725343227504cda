package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param status its status
 * @param type its content type
 * @param fields more header fields
 * @param content its content
 */
record Reply(HttpResponseStatus status, String type, Map<String, String> fields, Buffer content) {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  /** Makes an answer in JSON. */
  static Reply json(HttpResponseStatus status, JsonObject content) {
    return json(status, content.toBuffer());
  }

  /** Makes an answer of status 200 in JSON. */
  static Reply json(JsonObject content) {
    return json(HttpResponseStatus.OK, content);
  }

  /** Makes an answer from a text in JSON. */
  static Reply json(HttpResponseStatus status, Buffer content) {
    return new Reply(status, JSON, Map.of(), content);
  }

  /** Makes an answer that consists of a line. */
  static Reply text(HttpResponseStatus status) {
    return new Reply(status, TEXT, Map.of(), Buffer.buffer(status.reasonPhrase() + "\n"));
  }

  /** Returns a copy with another content type. */
  Reply as(String otherType) {
    return new Reply(status, otherType, fields, content);
  }

  /** Returns a copy with one more header field. */
  Reply with(CharSequence name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name.toString(), value);
    return new Reply(status, type, Map.copyOf(more), content);
  }

  /** Returns a copy with the version of the gateway, which changes refer to. */
  Reply withVersion(long version) {
    return with("etag", "\"" + version + '"');
  }
}
