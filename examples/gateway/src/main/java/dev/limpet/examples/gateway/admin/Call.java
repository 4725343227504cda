package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request with its whole body, for any thread.
 *
 * @param names the segments that the names in the path stand for
 * @param headers its header fields
 * @param query the parameters of its query
 * @param body its body; empty if it has none
 * @param who the client's address
 */
record Call(Map<String, String> names, MultiMap headers, MultiMap query, Buffer body, String who) {
  private static final Pattern VERSION = Pattern.compile("\"([0-9]{1,18})\"");
  private static final Pattern OTHER_TAG = Pattern.compile("\"[^\"]*\"");
  private static final String ANY = "*";

  /** A version that no gateway has. */
  private static final long NO_VERSION = -1;

  /**
   * Makes a call.
   *
   * @throws ProblemException if the query is malformed
   */
  static Call of(HttpServerRequest request, Map<String, String> names, Buffer body) {
    return new Call(names, request.headers(), query(request), body, AdminGuard.address(request));
  }

  private static MultiMap query(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw bad("query: malformed (expected: percent-encoded UTF-8)");
    }
  }

  /** Returns the segment that a name in the path stands for. */
  String name(String name) {
    String value = names.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: one of " + names.keySet() + ")");
    }
    return value;
  }

  /**
   * Returns the version that the field {@code If-Match} names; null for any version.
   *
   * @throws ProblemException if the field is absent, or does not have exactly one version
   */
  @Nullable
  Long expected() {
    List<String> fields = headers.getAll(HttpHeaderNames.IF_MATCH);
    if (fields.isEmpty()) {
      throw new ProblemException(
          HttpResponseStatus.PRECONDITION_REQUIRED,
          "If-Match: absent (expected: the version that you have seen, such as \"7\", or *)");
    }
    String field = String.join(",", fields).strip();
    Matcher version = VERSION.matcher(field);
    if (version.matches()) {
      return Long.valueOf(version.group(1));
    }
    if (OTHER_TAG.matcher(field).matches()) {
      return NO_VERSION;
    }
    if (!field.equals(ANY)) {
      throw bad("If-Match: malformed (expected: one version in quotation marks, or *)");
    }
    return null;
  }

  /**
   * Returns whether the query confirms the change.
   *
   * @throws ProblemException if it says neither true nor false
   */
  boolean isConfirmed() {
    List<String> values = query.getAll("confirm");
    if (values.isEmpty()) {
      return false;
    }
    String value = values.get(0);
    if (values.size() > 1 || !(value.equals("true") || value.equals("false"))) {
      throw bad("confirm: malformed (expected: true or false)");
    }
    return value.equals("true");
  }

  /** Makes the answer to a malformed request. */
  static ProblemException bad(String title) {
    return new ProblemException(HttpResponseStatus.BAD_REQUEST, title);
  }
}
