package dev.limpet.vertx.internal.net;

import dev.limpet.core.Backend;
import io.vertx.core.Future;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;

/** Connects to a backend. A backend fails if none of its addresses takes the connection. */
public final class TcpCheck implements HealthCheck {
  private final BackendAddresses addresses;
  private final NetClient client;

  /**
   * Makes a check.
   *
   * @param timeoutMillis how long a connect to an address may take
   */
  public TcpCheck(Network network, int timeoutMillis) {
    this.addresses = network.addresses();
    this.client =
        network.vertx().createNetClient(new NetClientOptions().setConnectTimeout(timeoutMillis));
  }

  @Override
  public Future<Void> check(Backend backend) {
    return addresses.reach(backend, client::connect).onSuccess(NetSocket::close).mapEmpty();
  }

  @Override
  public boolean isEndToEnd() {
    return false;
  }
}
