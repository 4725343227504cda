package dev.limpet.undertow;

import dev.limpet.core.Backend;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where the connections of a backend lead. A backend keeps its connections when its weight changes.
 *
 * @param scheme such as {@code http}
 * @param address unresolved
 * @param authority the address as it stands in a URI
 */
record Origin(String scheme, InetSocketAddress address, String authority) {
  static Origin of(Backend backend) {
    return new Origin(backend.scheme(), backend.address(), backend.authority());
  }

  /**
   * Returns the URI to connect to.
   *
   * @param hasTls whether backends may have the scheme {@code https}
   * @throws IllegalArgumentException if Undertow cannot connect to it
   */
  URI uri(boolean hasTls) {
    if (scheme.equals("https") && !hasTls) {
      throw new IllegalArgumentException(
          "scheme: https of " + authority + " (expected: http, or ssl on the builder)");
    }
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "scheme: " + scheme + " of " + authority + " (expected: http or https)");
    }
    URI uri = URI.create(scheme + "://" + authority);
    if (uri.getHost() == null) { // such as for an underscore
      throw new IllegalArgumentException(
          "host: " + address.getHostString() + " (expected: a host of a URI, RFC 3986)");
    }
    return uri;
  }
}
