package dev.limpet.examples.gateway.tcp;

import dev.limpet.core.Backend;
import dev.limpet.core.Lease;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.net.Addresses;
import dev.limpet.examples.gateway.net.Backends;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;

/** One TCP connection of a client and the attempts to find a backend for it. */
final class TcpExchange {

  private final NetSocket client;
  private final StickyRouter<InetAddress> router;
  private final NetClient connector;
  private final InetAddress address;
  private boolean gone; // event loop of the client's connection

  TcpExchange(NetSocket client, StickyRouter<InetAddress> router, NetClient connector) {
    this.client = client;
    this.router = router;
    this.connector = connector;
    this.address = Addresses.client(client);
  }

  void run() {
    client.pause();
    HalfClose.allow(client);
    Lease leased = router.lease(address);
    client.closeHandler(closed -> {
      gone = true;
      leased.close();
    });
    attempt(leased);
  }

  private void attempt(Lease lease) {
    Backend chosen = lease.backend();
    if (chosen == null) {
      client.close();
      return;
    }
    connector.connect(Backends.address(chosen)).onComplete(this::join, down -> again(lease));
  }

  private void again(Lease lease) {
    if (!gone) {
      router.reroute(address, lease);
      attempt(lease);
    }
  }

  private void join(NetSocket backend) {
    if (gone) {
      backend.close();
      return;
    }
    backend.pause();
    HalfClose.allow(backend);
    TcpPipe.join(client, backend);
  }
}
