package dev.limpet.jfr;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.RouteListener;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;

/** A pool of the backends a and b, and routers of texts, whose key is the text itself. */
final class Scene {
  final Pool pool =
      Pool.of("web", Backend.of("a", "10.0.0.1", 80), Backend.of("b", "10.0.0.2", 80));

  StickyRouter<String> router() {
    return router(JfrEvents.listener(pool), Failover.MOVE);
  }

  StickyRouter<String> router(Failover failover) {
    return router(JfrEvents.listener(pool), failover);
  }

  StickyRouter<String> router(RouteListener<? super String> listener, Failover failover) {
    KeyAffinity<String> affinity = KeyAffinity.<String>builder(KeyExtractor.string(text -> text))
        .environment(Environment.of(new byte[Environment.MIN_SECRET_BYTES]))
        .table((session, environment) ->
            CompactStickyTable.of(StickySession.custom(), 10_000, () -> 0))
        .build();
    return StickyRouter.<String>builder(pool, affinity)
        .listener(listener)
        .failover(failover)
        .build();
  }
}
