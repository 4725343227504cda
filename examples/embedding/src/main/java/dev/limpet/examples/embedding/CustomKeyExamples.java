package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l4.SourceIp;
import java.time.Duration;
import java.util.List;

/** The examples of {@code docs/custom-keys.md}; that of an own extractor is in TenantRouting. */
final class CustomKeyExamples extends Embedder {

  StickyRouter<Request> byTenant(Pool pool) {
    KeyExtractor<Request> tenant = KeyExtractor.string(request -> request.header("X-Tenant"));
    KeyExtractor<Request> tenantOrAddress = tenant.orElse(SourceIp.of(Request::remoteAddress));

    StickyRouter<Request> router =
        StickyRouter.of(pool, KeyAffinity.builder(tenantOrAddress).build());
    return router;
  }

  StickyRouter<Request> forEightHours(List<Backend> backends, KeyExtractor<Request> tenant) {
    Pool pool = Pool.builder("web")
        .balancer(new WeightedRendezvous())
        .backends(backends)
        .build();
    KeyAffinity<Request> affinity = KeyAffinity.builder(tenant)
        .session(StickySession.custom().withDuration(Duration.ofHours(8)))
        .build();
    StickyRouter<Request> router = StickyRouter.of(pool, affinity);
    return router;
  }

  StickyRouter<Request> withoutSessions(List<Backend> backends, KeyExtractor<Request> tenant) {
    Pool pool = Pool.builder("web")
        .balancer(new WeightedRendezvous())
        .backends(backends)
        .build();
    StickyRouter<Request> router =
        StickyRouter.<Request>builder(pool, Affinity.none()).balanceBy(tenant).build();
    return router;
  }
}
