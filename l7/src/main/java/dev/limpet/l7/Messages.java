package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Accesses the embedder's requests and responses, and removes nulls. */
final class Messages<Q, S> {
  static final String COOKIE = "Cookie";

  private final HttpAccess<Q, S> access;

  Messages(HttpAccess<Q, S> access) {
    this.access = requireNonNull(access, "access");
  }

  HttpAccess<Q, S> access() {
    return access;
  }

  List<String> cookies(Q request) {
    return requestFields(request, COOKIE);
  }

  /** {@return the values of a request's field} */
  List<String> requestFields(Q request, String name) {
    return withoutNulls(access.requestFields(request, name));
  }

  /** {@return the request's target; empty if it is unknown} */
  String target(Q request) {
    String target = access.target(request);
    return (target == null) ? "" : target;
  }

  boolean isSecure(Q request) {
    return access.isSecure(request);
  }

  List<String> fields(S response, String name) {
    return withoutNulls(access.fields(response, name));
  }

  void setFields(S response, String name, List<String> values) {
    access.setFields(response, name, values);
  }

  /** {@return the values without nulls; the same list if it has none} */
  private static List<String> withoutNulls(@Nullable List<String> values) {
    if (values == null) {
      return List.of();
    }
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) == null) {
        return values.stream().filter(Objects::nonNull).toList();
      }
    }
    return values;
  }
}
