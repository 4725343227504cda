package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.IpLiteral;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers where the session of a request is bound. Messages contain no header field. */
final class Tracing {
  private static final Set<String> KEYS = Set.of("listener", "address", "headers", "target");
  private static final String ROOT = "/";

  private final Operations operations;

  Tracing(Operations operations) {
    this.operations = operations;
  }

  /** Traces the request that the body describes. */
  Reply trace(Call call) {
    JsonObject body = JsonBody.object(call);
    JsonBody.checkKeys(body, KEYS);
    TracedRequest request =
        new TracedRequest(listener(body), address(body), headers(body), target(body));
    try {
      return Reply.json(json(operations.trace(request)));
    } catch (UnknownNameException e) {
      return Problem.of(HttpResponseStatus.NOT_FOUND, String.valueOf(e.getMessage()));
    }
  }

  private static String listener(JsonObject body) {
    String listener = text(body, "listener");
    if (listener == null) {
      throw Call.bad("listener: absent (expected: the name of a listener)");
    }
    return listener;
  }

  private static @Nullable String address(JsonObject body) {
    String address = text(body, "address");
    if (address != null && IpLiteral.parse(address) == null) {
      throw new ProblemException(Problem.faulty("address", "another text", "an IP address"));
    }
    return address;
  }

  private static String target(JsonObject body) {
    String target = text(body, "target");
    if (target != null && !target.startsWith(ROOT)) {
      throw new ProblemException(
          Problem.faulty("target", "another text", "a path that begins with /"));
    }
    return (target == null) ? ROOT : target;
  }

  private static @Nullable String text(JsonObject body, String key) {
    Object value = body.getValue(key);
    if (value != null && !(value instanceof String)) {
      throw Call.bad(key + ": another value (expected: a text)");
    }
    return (String) value;
  }

  private static Map<String, List<String>> headers(JsonObject body) {
    Object value = body.getValue("headers");
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof JsonObject fields)) {
      throw badHeaders();
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    fields.forEach(field -> headers.put(field.getKey(), values(field.getValue())));
    return headers;
  }

  private static List<String> values(@Nullable Object value) {
    if (value instanceof JsonArray array && array.stream().allMatch(String.class::isInstance)) {
      return array.stream().map(String.class::cast).toList();
    }
    throw badHeaders();
  }

  private static ProblemException badHeaders() {
    return Call.bad("headers: another value (expected: lists of texts by the names of fields)");
  }

  private static JsonObject json(Trace trace) {
    JsonArray steps = new JsonArray();
    trace
        .steps()
        .forEach(
            step -> steps.add(new JsonObject().put("what", step.what()).put("text", step.text())));
    return new JsonObject()
        .put("steps", steps)
        .put("backend", trace.backend())
        .put("outcome", trace.outcome())
        .put("reason", trace.reason())
        .put("ifUnreachable", trace.ifUnreachable());
  }
}
