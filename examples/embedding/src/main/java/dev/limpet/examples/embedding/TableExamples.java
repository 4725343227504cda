package dev.limpet.examples.embedding;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l4.SourceIpAffinity;
import java.net.Socket;

/** The examples of {@code docs/tables.md}. */
final class TableExamples extends Embedder {

  SourceIpAffinity<Socket> large() {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .table((session, environment) ->
            CompactStickyTable.of(session, 4_000_000, environment.clock()))
        .build();
    return affinity;
  }

  SourceIpAffinity<Socket> exact() {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .table(
            (session, environment) -> CaffeineStickyTable.of(session, 100_000, environment.clock()))
        .build();
    return affinity;
  }

  SourceIpAffinity<Socket> withAQuota() {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .quota(Quota.ofLiveShare(0.10).andNewPerSecond(1_000))
        .build();
    return affinity;
  }

  KeyAffinity<Request> withAQuotaPerTenant(
      KeyExtractor<Request> user, KeyExtractor<Request> tenant) {
    KeyAffinity<Request> affinity =
        KeyAffinity.builder(user).quota(Quota.ofLive(1_000), tenant).build();
    return affinity;
  }
}
