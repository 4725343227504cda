package dev.limpet.vertx.internal.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The header fields that belong to one connection and are never forwarded. */
final class HopByHop {

  private static final Set<String> NAMES = names(Set.of(
      "connection",
      "keep-alive",
      "proxy-connection",
      "proxy-authenticate",
      "proxy-authorization",
      "http2-settings",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade"));

  // A sender must not be able to make the proxy drop these by naming them in Connection.
  private static final Set<String> PROTECTED = names(Set.of(
      "authorization",
      "cache-control",
      "content-encoding",
      "content-length",
      "content-type",
      "cookie",
      "host",
      "set-cookie"));

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
    Set<String> dropped = connection.isEmpty() ? NAMES : dropped(connection);
    for (Map.Entry<String, String> field : fields) {
      if (!dropped.contains(field.getKey())) {
        to.accept(field.getKey(), field.getValue());
      }
    }
  }

  private static Set<String> dropped(List<String> connection) {
    Set<String> dropped = names(NAMES);
    for (String value : connection) {
      for (String option : value.split(",", -1)) {
        String name = option.trim().toLowerCase(Locale.ROOT);
        if (!PROTECTED.contains(name)) {
          dropped.add(name);
        }
      }
    }
    return dropped;
  }

  private static Set<String> names(Set<String> names) {
    Set<String> any = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    any.addAll(names);
    return any;
  }
}
