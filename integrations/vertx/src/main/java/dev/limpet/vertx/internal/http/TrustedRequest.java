package dev.limpet.vertx.internal.http;

import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/** A request of a proxy that trusts other proxies, as the router has it. */
final class TrustedRequest extends HttpServerRequestWrapper {
  private final TrustedProxies trusted;

  TrustedRequest(HttpServerRequestInternal received, TrustedProxies trusted) {
    super(received);
    this.trusted = trusted;
  }

  TrustedProxies trusted() {
    return trusted;
  }
}
