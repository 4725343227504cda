package dev.limpet.core;

import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.leasing;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases that nobody closed. */
class AbandonedLeaseTest {
  private final Pool pool = Pool.of("pool", limited("a", 1), limited("b", 1), limited("c", 1));

  @Test
  @Timeout(30)
  void anAbandonedLeaseIsFoundAndCounted() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    String name = abandoned(router);
    while (router.stats().abandonedLeases() == 0) {
      System.gc();
      Thread.onSpinWait();
    }
    assertThat(connections(pool, name)).isZero();
    assertThat(router.stats().abandonedLeases()).isEqualTo(1);
  }

  private static String abandoned(StickyRouter<String> router) {
    return id(router.lease("x").route());
  }

  @Test
  @Timeout(30)
  void anAbandonedConnection_isThereForWhoLeasesNext() {
    pool.change(edit -> edit.remove("b").remove("c"));
    StickyRouter<String> router = leasing(pool, Failover.STRICT);
    abandoned(router);

    Lease next = router.lease("x");
    while (next.backend() == null) {
      System.gc();
      next = router.lease("x");
    }
    assertThat(next.route()).hasToString("KEPT a");
    assertThat(connections(pool, "a")).isEqualTo(1);
    next.close();
  }

  @Test
  @Timeout(30)
  void anAbandonedConnection_isFoundThoughItsRouterIsForgottenToo() {
    String name = abandoned(leasing(pool, Failover.MOVE));
    while (connections(pool, name) > 0) {
      System.gc();
      leasing(pool, Failover.MOVE).stats();
    }
    assertThat(pool.leases().size()).isZero();
  }

  @Test
  @Timeout(30)
  void anAbandonedConnection_letsADrainEnd() {
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    String name = abandoned(router);
    CompletionStage<Drained> stage = router.drain(name, Duration.ofDays(1));

    while (!stage.toCompletableFuture().isDone()) {
      System.gc();
      router.advanceDrains();
    }
    assertThat(stage.toCompletableFuture().join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aLeaseThatIsClosed_isNotRemembered() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    Lease lease = router.lease("x");
    assertThat(pool.leases().size()).isEqualTo(1);
    lease.close();
    assertThat(pool.leases().size()).isZero();
  }
}
