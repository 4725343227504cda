package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.ConfigFault;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Answers that say what is wrong, as {@code application/problem+json} of RFC 9457. */
final class Problem {
  private static final String TYPE = "application/problem+json";
  private static final String FAULTY = "The settings are faulty";
  private static final String STALE = "The gateway has changed since you looked";

  private Problem() {}

  /** Makes an answer without faults of single settings. */
  static Reply of(HttpResponseStatus status, String title) {
    return reply(status, content(status, title));
  }

  /** Makes the answer to settings that break rules. */
  static Reply faulty(List<ConfigFault> faults) {
    JsonArray found = new JsonArray();
    faults.forEach(fault -> found.add(fault(fault.fault().setting(), fault.message())));
    return faulty(found);
  }

  /** Makes the answer to a value that breaks a rule. */
  static Reply faulty(String field, String value, String rule) {
    String message = field + ": " + value + " (expected: " + rule + ')';
    return faulty(JsonArray.of(fault(field, message)));
  }

  /** Makes the answer to a change of a version that is not the present one. */
  static Reply stale(long version, List<String> differences) {
    HttpResponseStatus status = HttpResponseStatus.PRECONDITION_FAILED;
    JsonObject content = content(status, STALE)
        .put("version", String.valueOf(version))
        .put("differences", new JsonArray(differences));
    return reply(status, content).withVersion(version);
  }

  /** Makes the answer to a change that must be confirmed. */
  static Reply unconfirmed(String message) {
    HttpResponseStatus status = HttpResponseStatus.CONFLICT;
    return reply(status, content(status, message).put("confirm", true));
  }

  private static Reply faulty(JsonArray faults) {
    HttpResponseStatus status = HttpResponseStatus.UNPROCESSABLE_ENTITY;
    return reply(status, content(status, FAULTY).put("faults", faults));
  }

  private static JsonObject fault(String field, String message) {
    return new JsonObject().put("field", field).put("message", message);
  }

  private static JsonObject content(HttpResponseStatus status, String title) {
    return new JsonObject()
        .put("status", status.code())
        .put("title", title)
        .put("faults", new JsonArray());
  }

  private static Reply reply(HttpResponseStatus status, JsonObject content) {
    return Reply.json(status, content).as(TYPE);
  }
}
