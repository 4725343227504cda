package dev.limpet.vertx.internal.http;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

  /** The fields of a message without a Connection field. */
  static final HopByHop OF_EVERY_MESSAGE = new HopByHop(Set.of());

  private final Set<String> named;

  private HopByHop(Set<String> named) {
    this.named = named;
  }

  /**
   * Returns the fields of one message.
   *
   * @param connection the values of its Connection field, which may name more fields
   */
  static HopByHop of(List<String> connection) {
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
    return named.isEmpty() ? OF_EVERY_MESSAGE : new HopByHop(named);
  }

  boolean contains(CharSequence name) {
    return NAMES.contains(name) || (!named.isEmpty() && named.contains(name.toString()));
  }
}
