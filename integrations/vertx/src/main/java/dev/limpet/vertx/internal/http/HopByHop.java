package dev.limpet.vertx.internal.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The header fields that belong to one connection and are never forwarded. */
final class HopByHop {

  private static final FieldNames NAMES = new FieldNames(
      "connection",
      "keep-alive",
      "proxy-connection",
      "proxy-authenticate",
      "proxy-authorization",
      "http2-settings",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade");

  // A sender must not be able to make the proxy drop these by naming them in Connection.
  private static final FieldNames PROTECTED = new FieldNames(
      "authorization",
      "cache-control",
      "content-encoding",
      "content-length",
      "content-type",
      "cookie",
      "host",
      "set-cookie");

  private HopByHop() {}

  /**
   * Passes on the other fields of a message, in order.
   *
   * @param connection the values of its Connection field
   */
  static void passOthers(
      Iterable<Map.Entry<String, String>> fields,
      List<String> connection,
      BiConsumer<String, String> to) {
    Set<String> named = named(connection);
    for (Map.Entry<String, String> field : fields) {
      String name = field.getKey();
      if (!NAMES.contains(name) && (named.isEmpty() || !named.contains(name))) {
        to.accept(name, field.getValue());
      }
    }
  }

  /** Returns the fields that Connection adds to those that every proxy drops. */
  private static Set<String> named(List<String> connection) {
    Set<String> named = Set.of();
    for (String value : connection) {
      for (String option : value.split(",", -1)) {
        String name = option.trim();
        if (!NAMES.contains(name) && !PROTECTED.contains(name)) {
          named = named.isEmpty() ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : named;
          named.add(name);
        }
      }
    }
    return named;
  }
}
