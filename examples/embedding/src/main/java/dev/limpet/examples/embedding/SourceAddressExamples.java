package dev.limpet.examples.embedding;

import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import java.net.Socket;
import java.time.Duration;

/** The examples of {@code docs/source-addresses.md}. */
final class SourceAddressExamples extends Embedder {

  /** A connection whose address was read as bytes, for example from a PROXY header. */
  interface Connection {
    byte[] sourceAddress();
  }

  StickyRouter<Socket> byNetwork(Pool pool) {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .ipv6Prefix(64)
        .session(StickySession.sourceIp().withDuration(Duration.ofMinutes(10)))
        .build();
    StickyRouter<Socket> router =
        StickyRouter.builder(pool, affinity).failover(Failover.LEND).build();
    return router;
  }

  SourceIpAffinity<Connection> ofBytes() {
    SourceIpAffinity<Connection> affinity =
        SourceIpAffinity.builder(SourceIp.ofBytes(Connection::sourceAddress)).build();
    return affinity;
  }
}
