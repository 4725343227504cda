package dev.limpet.examples.embedding;

import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.ClientIp;
import dev.limpet.l7.HttpAccess;
import java.util.List;

/** The examples of {@code docs/client-address.md}. */
final class ClientAddressExamples extends Embedder {

  SourceIpAffinity<Request> behindProxies(HttpAccess<Request, Response> access) {
    ClientIp<Request> clientIp = ClientIp.xForwardedFor(access, Request::remoteAddress)
        .trusted(List.of("192.0.2.0/24", "2001:db8::/64")) // the proxies in front of this one
        .build();
    SourceIpAffinity<Request> affinity =
        SourceIpAffinity.builder(clientIp::address).build();
    return affinity;
  }

  ClientIp<Request> byForwarded(HttpAccess<Request, Response> access) {
    ClientIp<Request> clientIp = ClientIp.forwarded(access, Request::remoteAddress)
        .privateRanges()
        .whenAllTrusted(ClientIp.AllTrusted.PEER)
        .build();
    return clientIp;
  }
}
