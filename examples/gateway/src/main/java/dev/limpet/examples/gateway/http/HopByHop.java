package dev.limpet.examples.gateway.http;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Set;

/** The header fields that belong to one connection and are never forwarded. */
final class HopByHop {

  private static final Set<String> NAMES = Set.of(
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

  // A sender must not be able to make the gateway drop these by naming them in Connection.
  private static final Set<String> PROTECTED = Set.of(
      "authorization",
      "cache-control",
      "content-encoding",
      "content-length",
      "content-type",
      "cookie",
      "host",
      "set-cookie");

  private HopByHop() {}

  static void remove(MultiMap headers) {
    for (String field : headers.getAll("connection")) {
      for (String option : field.split(",", -1)) {
        String name = option.trim().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !PROTECTED.contains(name)) {
          headers.remove(name);
        }
      }
    }
    NAMES.forEach(headers::remove);
  }
}
