package dev.limpet.examples.gateway.net;

import dev.limpet.core.Backend;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** Placeholder. */
public final class BackendAddresses {
  BackendAddresses() {}

  public <T> Future<T> reach(Backend backend, Function<InetSocketAddress, Future<T>> connect) {
    return connect.apply(new InetSocketAddress(backend.host(), backend.port()));
  }
}
