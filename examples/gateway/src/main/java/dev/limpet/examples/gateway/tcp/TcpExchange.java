package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.Backend;
import dev.limpet.core.Lease;
import dev.limpet.examples.gateway.net.Addresses;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One TCP connection of a client and the attempts to find a backend for it. */
final class TcpExchange {

  private final NetSocket client;
  private final TcpRouting routing;
  private final Function<Backend, Future<NetSocket>> connector;
  private final InetAddress address;
  private boolean gone; // event loop of the client's connection, as what is held
  private @Nullable Lease held;

  TcpExchange(
      NetSocket client, TcpRouting routing, Function<Backend, Future<NetSocket>> connector) {
    this.client = client;
    this.routing = routing;
    this.connector = connector;
    this.address = Addresses.client(client);
  }

  void run() {
    client.pause();
    HalfClose.allow(client);
    client.closeHandler(closed -> end());
    routing.lease().apply(address).onComplete(this::leased, this::lost);
  }

  private void leased(Lease given) {
    held = given;
    if (gone) {
      given.close();
    } else {
      attempt(given);
    }
  }

  private void end() {
    gone = true;
    if (held != null) {
      held.close();
    }
  }

  private void lost(Throwable cause) {
    client.close();
    throw new IllegalStateException(cause);
  }

  private void attempt(Lease lease) {
    if (gone) {
      return;
    }
    Backend chosen = lease.backend();
    if (chosen == null) {
      client.close();
      return;
    }
    connector.apply(chosen).onComplete(up -> join(up, lease), down -> again(lease));
  }

  private void again(Lease lease) {
    if (!gone) {
      routing.reroute().apply(address, lease).onComplete(next -> attempt(lease), this::lost);
    }
  }

  /** From now on the lease ends with the backend's connection, which may outlive the client's. */
  private void join(NetSocket backend, Lease lease) {
    if (gone) {
      backend.close();
      return;
    }
    backend.pause();
    HalfClose.allow(backend);
    backend.closeHandler(closed -> lease.close());
    TcpPipe.join(client, backend);
  }
}
