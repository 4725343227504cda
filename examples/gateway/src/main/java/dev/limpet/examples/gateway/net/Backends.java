package dev.limpet.examples.gateway.net;

import dev.limpet.core.Backend;
import io.vertx.core.net.SocketAddress;

/** Backends as Vert.x connects to them. */
public final class Backends {

  private Backends() {}

  /** Returns where to connect to; names are looked up when connecting. */
  public static SocketAddress address(Backend backend) {
    return SocketAddress.inetSocketAddress(backend.port(), backend.host());
  }
}
