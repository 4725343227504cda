package dev.limpet.core;

import static dev.limpet.core.FailureKind.CONNECT;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Quotas of sessions that probe an ejected backend. */
class ProbeQuotaTest {

  @Test
  void aProbeCountsAgainstTheQuota_alsoIfAllOthersAreAtCapacity() {
    AtomicLong nanos = new AtomicLong();
    Environment environment = Routing.ENVIRONMENT.withClock(nanos::get);
    Pool pool = Pool.builder("pool")
        .environment(environment)
        .passiveHealth(PassiveHealth.builder().random(() -> 0.5).failures(1).build())
        .backends(List.of(limited("a", 10), limited("b", 1)))
        .countConnections()
        .build();
    KeyAffinity<String> affinity = KeyAffinity.builder(Routing.TEXT)
        .environment(environment)
        .quota(Quota.ofLive(1), (request, hasher) -> 7)
        .build();
    StickyRouter<String> any = StickyRouter.of(pool, Affinity.none());
    Route first = any.route("x");
    Route second = any.route("x");
    any.failed(id(first).equals("a") ? first : second, CONNECT);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    StickyRouter<String> router = StickyRouter.of(pool, affinity);

    try (Route probe = router.route("s1")) {
      assertThat(probe).hasToString("NEW a (UNKNOWN)");
    }

    assertThat(router.route("s2").reason()).isEqualTo(Reason.OVER_QUOTA);
  }
}
