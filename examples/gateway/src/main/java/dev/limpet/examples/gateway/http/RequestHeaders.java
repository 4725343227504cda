package dev.limpet.examples.gateway.http;

import dev.limpet.examples.gateway.config.IpLiteral;
import dev.limpet.examples.gateway.net.Addresses;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a backend sees of the client's header section. */
final class RequestHeaders {

  private static final Set<String> CLAIMS = Set.of("forwarded", "x-real-ip", "x-client-ip");

  private RequestHeaders() {}

  /** Edits a copy of the client's fields; {@code cookies} are the Cookie fields that may pass. */
  static void prepare(MultiMap headers, HttpServerRequest request, List<String> cookies) {
    HopByHop.remove(headers);
    headers.remove("expect");
    dropClaims(headers);
    addForwarded(headers, request);
    headers.remove("cookie");
    if (cookies.isEmpty()) {
      return;
    }
    if (request.version() == HttpVersion.HTTP_2) {
      headers.set("cookie", String.join("; ", cookies));
    } else {
      headers.add("cookie", cookies);
    }
  }

  // Some backends read X_Forwarded_For as X-Forwarded-For.
  private static void dropClaims(MultiMap headers) {
    for (String name : List.copyOf(headers.names())) {
      String plain = name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
      if (plain.startsWith("x-forwarded-") || CLAIMS.contains(plain)) {
        headers.remove(name);
      }
    }
  }

  private static void addForwarded(MultiMap headers, HttpServerRequest request) {
    headers.set("x-forwarded-for", IpLiteral.text(Addresses.client(request.connection())));
    headers.set("x-forwarded-proto", request.isSSL() ? "https" : "http");
    if (request.authority() != null) {
      headers.set("x-forwarded-host", request.authority().toString());
    }
  }
}
