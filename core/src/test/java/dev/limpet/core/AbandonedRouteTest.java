package dev.limpet.core;

import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes that were forgotten instead of closed. */
class AbandonedRouteTest {
  private final Pool pool = counting(limited("a", 1), limited("b", 1), limited("c", 1));

  @Test
  @Timeout(30)
  void anAbandonedRouteIsFoundAndCounted() throws InterruptedException {
    StickyRouter<String> router = router(pool);
    String name = abandoned(router);
    while (router.stats().abandonedRoutes() == 0) {
      collect();
    }
    assertThat(connections(pool, name)).isZero();
    assertThat(router.stats().abandonedRoutes()).isEqualTo(1);
  }

  private static String abandoned(StickyRouter<String> router) {
    return id(router.route("x"));
  }

  @Test
  @Timeout(30)
  void anAbandonedRerouteIsFoundAndCounted_andTheRouteBeforeItIsNot() throws InterruptedException {
    StickyRouter<String> router = router(pool);
    String name = abandonedAfterReroute(router);
    while (router.stats().abandonedRoutes() == 0) {
      collect();
    }
    assertThat(connections(pool, name)).isZero();
    assertThat(pool.heldRoutes().size()).isZero();
    assertThat(router.stats().abandonedRoutes()).isEqualTo(1);
  }

  private static String abandonedAfterReroute(StickyRouter<String> router) {
    return id(router.reroute("x", router.route("x")));
  }

  @Test
  @Timeout(30)
  void anAbandonedConnection_isThereForTheNextRequest() throws InterruptedException {
    pool.change(edit -> edit.remove("b").remove("c"));
    StickyRouter<String> router = router(pool, Failover.STRICT);
    abandoned(router);

    Route next = router.route("x");
    while (next.backend() == null) {
      collect();
      next = router.route("x");
    }
    assertThat(next).hasToString("KEPT a");
    assertThat(connections(pool, "a")).isEqualTo(1);
    next.close();
  }

  @Test
  @Timeout(30)
  void anAbandonedConnection_isFoundThoughItsRouterIsForgottenToo() throws InterruptedException {
    String name = abandoned(router(pool));
    while (connections(pool, name) > 0) {
      collect();
      router(pool).stats();
    }
    assertThat(pool.heldRoutes().size()).isZero();
  }

  @Test
  @Timeout(30)
  void anAbandonedConnection_letsADrainEnd() throws InterruptedException {
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    String name = abandoned(router);
    CompletionStage<Drained> stage = router.drain(name, Duration.ofDays(1));

    while (!stage.toCompletableFuture().isDone()) {
      collect();
      router.advanceDrains();
    }
    assertThat(stage.toCompletableFuture().join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aRouteThatIsClosed_isNotRemembered() {
    Route route = router(pool).route("x");
    assertThat(pool.heldRoutes().size()).isEqualTo(1);
    route.close();
    assertThat(pool.heldRoutes().size()).isZero();
  }

  /** Its hold leaves with it, so that the garbage collector has nothing to queue. */
  @Test
  void routesThatAreClosed_areNotCounted() throws InterruptedException {
    StickyRouter<String> router = router(pool);
    for (int i = 0; i < 1_000; i++) {
      router.route("x").close();
    }
    for (int i = 0; i < 5; i++) {
      collect();
      assertThat(router.stats().abandonedRoutes()).isZero();
    }
    assertThat(pool.snapshot().members()).allMatch(member -> member.load().connections() == 0);
  }

  @Test
  void aRouteThatIsReachable_isNotFound() throws InterruptedException {
    StickyRouter<String> router = router(pool);
    try (Route route = router.route("x")) {
      for (int i = 0; i < 5; i++) {
        collect();
        assertThat(router.stats().abandonedRoutes()).isZero();
      }
      assertThat(connections(pool, id(route))).isEqualTo(1);
    }
  }

  /** Stops a test that would wait for ever. */
  private static void collect() throws InterruptedException {
    System.gc();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
