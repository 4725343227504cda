package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.leasing;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Pools whose backends have limits, which routers keep that lease. */
class LeasingPoolTest {
  private final Pool pool = Pool.of("pool", limited("a", 1), limited("b", 1), limited("c", 1));

  @Test
  void aBackendThatLeavesAndComesBackWhileARequestIsOnItsWay_hasOneLimit() {
    Backend only = limited("a", 1);
    Runnable[] meanwhile = {() -> {}};
    Pool changing = Pool.of("pool", meanwhile(meanwhile), List.of(only));
    StickyRouter<String> router =
        StickyRouter.<String>builder(changing, Affinity.none()).leasing().build();
    meanwhile[0] = () -> {
      changing.change(edit -> edit.remove("a"));
      changing.change(edit -> edit.add(only));
    };

    Lease one = router.lease("x");
    Lease two = router.lease("y");

    assertThat(one.route()).hasToString("UNBOUND a (NO_KEY)");
    assertThat(two.route()).hasToString("NO_BACKEND (BACKEND_FULL)");
  }

  /** Picks the first backend, and once runs something before. */
  private static Balancer meanwhile(Runnable[] once) {
    return new Balancer() {
      @Override
      public String name() {
        return WeightedRoundRobin.NAME;
      }

      @Override
      public Picker picker(List<Backend> eligible, List<Load> loads) {
        return key -> {
          Runnable next = once[0];
          once[0] = () -> {};
          next.run();
          return eligible.get(0);
        };
      }
    };
  }

  @Test
  void aRequestWithoutASession_goesElsewhereIfItsBackendDrainedBeforeItWasCounted() {
    Runnable[] meanwhile = {() -> {}};
    Pool changing = Pool.of("pool", meanwhile(meanwhile), List.of(backend("a"), backend("b")));
    StickyRouter<String> router =
        StickyRouter.<String>builder(changing, Affinity.none()).leasing().build();
    List<CompletionStage<Drained>> drains = new ArrayList<>();
    meanwhile[0] = () -> {
      drains.add(router.drain("a", Duration.ofHours(1)));
      router.advanceDrains();
    };

    Lease lease = router.lease("x");

    assertThat(drains.get(0).toCompletableFuture().join().result())
        .isEqualTo(Drained.Result.DRAINED);
    assertThat(lease.route()).hasToString("UNBOUND b (NO_KEY)");
    assertThat(changing.snapshot().member("a").load().connections()).isZero();
  }

  @Test
  void aPoolThatNeedsLeases_refusesARouterThatDoesNotLease() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Routing.router(pool))
        .withMessage("leasing: false (expected: true with maxConnections)");
    Pool counted = Pool.of("counted", new WeightedLeastConnections(), List.of(backend("a")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StickyRouter.of(counted, Affinity.none()))
        .withMessage("leasing: false (expected: true with weighted-least-connections)");
  }

  @Test
  void aPoolOfARouterThatDoesNotLease_refusesLimits() {
    Pool free = Routing.pool("a");
    StickyRouter<String> router = Routing.router(free);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> free.change(edit -> edit.replace(limited("a", 1))))
        .withMessage(
            "maxConnections: set (expected: unset, as a router of this pool does not lease)");
    assertThat(router.route("x").backend().maxConnections()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> router.lease("x"));
  }

  @Test
  void aRouterThatLeases_doesNotRoute() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    assertThatIllegalStateException().isThrownBy(() -> router.route("x"));
    assertThatIllegalStateException()
        .isThrownBy(() -> router.balance("x"))
        .withMessage("leasing: true (expected: lease instead of route)");
    Route failed = router.lease("x").route();
    assertThatIllegalStateException().isThrownBy(() -> router.reroute("x", failed));
  }

  @Test
  void aRouterThatDoesNotLease_doesNot() {
    StickyRouter<String> router = Routing.router(Routing.pool("a", "b"));
    assertThatIllegalStateException()
        .isThrownBy(() -> router.lease("x"))
        .withMessage("leasing: false (expected: route instead of lease)");
    assertThatIllegalStateException().isThrownBy(() -> router.leaseBalanced("x"));
    Lease of = leasing(pool, Failover.MOVE).lease("x");
    assertThatIllegalStateException().isThrownBy(() -> router.reroute("x", of));
  }

  @Test
  void aBackendThatComesBackWhileConnectionsAreHeldStillCountsThem() {
    StickyRouter<String> router = leasing(pool, Failover.MOVE);
    Lease lease = router.lease("x");
    String name = id(lease.route());
    Backend backend = lease.backend();

    pool.change(edit -> edit.remove(name));
    pool.change(edit -> edit.add(backend));
    assertThat(connections(pool, name)).isEqualTo(1);
    lease.close();
    assertThat(connections(pool, name)).isZero();
  }

  @Test
  void aLimitThatChanges_changesNoTurns() {
    Pool two = Routing.pool("a", "b");
    StickyRouter<String> router =
        StickyRouter.<String>builder(two, Affinity.none()).leasing().build();
    String last = "";
    for (int i = 1; i < 20; i++) {
      int limit = i;
      two.change(edit -> edit.replace(limited("a", limit)));
      String next = Routing.id(router.lease("x").route());
      assertThat(next).isNotEqualTo(last);
      last = next;
    }
  }

  @Test
  void aLimitThatIsLowered_letsConnectionsGo() {
    pool.change(edit -> edit.replace(limited("a", 3)).remove("b").remove("c"));
    StickyRouter<String> router = leasing(pool, Failover.STRICT);
    List<Lease> held = List.of(router.lease("x"), router.lease("x"), router.lease("x"));

    pool.change(edit -> edit.replace(limited("a", 2)));
    held.get(0).close();
    assertThat(router.lease("x").route().outcome()).isEqualTo(Outcome.REFUSED);
    held.get(1).close();
    assertThat(router.lease("x").route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(connections(pool, "a")).isEqualTo(2);
  }
}
