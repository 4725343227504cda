package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Pools that count connections, and what pools that do not refuse. */
class CountingPoolTest {
  private final Pool pool = counting(limited("a", 1), limited("b", 1), limited("c", 1));

  @Test
  void aBackendThatLeavesAndComesBackWhileARequestIsOnItsWay_hasOneLimit() {
    Backend only = limited("a", 1);
    Runnable[] meanwhile = {() -> {}};
    Pool changing = counting(meanwhile(meanwhile), only);
    StickyRouter<String> router = StickyRouter.of(changing, Affinity.none());
    meanwhile[0] = () -> {
      changing.change(edit -> edit.remove("a"));
      changing.change(edit -> edit.add(only));
    };

    Route one = router.route("x");
    Route two = router.route("y");

    assertThat(one).hasToString("UNBOUND a (NO_KEY)");
    assertThat(two).hasToString("NO_BACKEND (BACKEND_FULL)");
    one.close();
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
    Pool changing = counting(meanwhile(meanwhile), backend("a"), backend("b"));
    StickyRouter<String> router = StickyRouter.of(changing, Affinity.none());
    List<CompletionStage<Drained>> drains = new ArrayList<>();
    meanwhile[0] = () -> {
      drains.add(router.drain("a", Duration.ofHours(1)));
      router.advanceDrains();
    };

    Route route = router.route("x");

    assertThat(drains.get(0).toCompletableFuture().join().result())
        .isEqualTo(Drained.Result.DRAINED);
    assertThat(route).hasToString("UNBOUND b (NO_KEY)");
    assertThat(connections(changing, "a")).isZero();
    route.close();
  }

  @Test
  void aPoolThatDoesNotCount_isNotBuiltWithALimit() {
    String message =
        "maxConnections: set (expected: unset, or countConnections() on the pool's builder)";

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> Pool.of("pool", backend("a"), limited("b", 1)))
        .withMessage(message)
        .satisfies(e ->
            assertThat(e.faults()).extracting(Fault::setting).containsExactly("maxConnections"));
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(
            () -> Pool.builder("pool").backends(List.of(limited("a", 1))).build())
        .withMessage(message);
  }

  @Test
  void aPoolThatDoesNotCount_isNotBuiltWithLeastConnections() {
    PoolBuilder builder = Pool.builder("pool").balancer(new WeightedLeastConnections());

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(builder::build)
        .withMessage("countConnections: absent (expected: called, as weighted-least-connections"
            + " needs it; then close every route)")
        .satisfies(e ->
            assertThat(e.faults()).extracting(Fault::setting).containsExactly("countConnections"));
    assertThat(builder.countConnections().build().counts()).isTrue();
  }

  @Test
  void aPoolThatDoesNotCount_refusesAChangeThatSetsALimit() {
    Pool free = pool("a");
    StickyRouter<String> router = router(free);
    PoolSnapshot before = free.snapshot();

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> free.change(edit -> edit.add(backend("b")).replace(limited("a", 1))))
        .withMessage(
            "maxConnections: set (expected: unset, or countConnections() on the pool's builder)");

    assertThat(free.snapshot()).isSameAs(before);
    assertThat(router.route("x").backend().maxConnections()).isZero();
    assertThat(free.change(edit -> edit.add(backend("b"))).members()).hasSize(2);
  }

  @Test
  void counts_isAsThePoolWasBuilt() {
    assertThat(pool.counts()).isTrue();
    assertThat(pool("a").counts()).isFalse();
  }

  @Test
  void aBackendThatComesBackWhileConnectionsAreHeldStillCountsThem() {
    Route route = router(pool).route("x");
    String name = id(route);
    Backend backend = route.backend();

    pool.change(edit -> edit.remove(name));
    pool.change(edit -> edit.add(backend));
    assertThat(connections(pool, name)).isEqualTo(1);
    route.close();
    assertThat(connections(pool, name)).isZero();
  }

  @Test
  void aLimitThatChanges_changesNoTurns() {
    Pool two = counting(backend("a"), backend("b"));
    StickyRouter<String> router = StickyRouter.of(two, Affinity.none());
    List<Route> held = new ArrayList<>();
    String last = "";
    for (int i = 1; i < 20; i++) {
      int limit = i;
      two.change(edit -> edit.replace(limited("a", limit)));
      held.add(router.route("x"));
      String next = id(held.get(held.size() - 1));
      assertThat(next).isNotEqualTo(last);
      last = next;
    }
    held.forEach(Route::close);
  }

  @Test
  void aLimitThatIsLowered_letsConnectionsGo() {
    pool.change(edit -> edit.replace(limited("a", 3)).remove("b").remove("c"));
    StickyRouter<String> router = router(pool, Failover.STRICT);
    List<Route> held = List.of(router.route("x"), router.route("x"), router.route("x"));

    pool.change(edit -> edit.replace(limited("a", 2)));
    held.get(0).close();
    assertThat(router.route("x").outcome()).isEqualTo(Outcome.REFUSED);
    held.get(1).close();
    Route next = router.route("x");
    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(connections(pool, "a")).isEqualTo(2);
    next.close();
    held.get(2).close();
    assertThat(connections(pool, "a")).isZero();
  }
}
