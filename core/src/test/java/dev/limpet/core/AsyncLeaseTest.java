package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Connections that are held for sessions whose binding takes time. */
class AsyncLeaseTest {
  private static final String ALICE = "alice";
  private static final String BOB = "bob";

  private final StickyTable table = Routing.table(1_000);
  private final Affinity<String> affinity = affinity(table);
  private final LateBinder binder = new LateBinder(affinity);

  @Test
  void lease_holdsAConnectionFromTheAnswerOn() {
    Pool pool = Pool.of("pool", backend("a").withMaxConnections(1), backend("b").withWeight(0));
    AsyncStickyRouter<String> router = leasing(pool);
    CompletableFuture<Lease> waits = router.lease(ALICE).toCompletableFuture();
    assertThat(connections(pool, "a")).isZero();

    binder.answer();
    Lease first = waits.join();

    assertThat(connections(pool, "a")).isEqualTo(1);
    assertThat(binder.answered(() -> router.lease(BOB)).route())
        .hasToString("NO_BACKEND (BACKEND_FULL)");
    first.close();
    assertThat(connections(pool, "a")).isZero();
    assertThat(binder.answered(() -> router.lease(BOB)).backend().id()).isEqualTo("a");
  }

  @Test
  void aBoundSessionWhoseBackendIsFull_movesWhenTheBinderAgrees() {
    Pool pool = Pool.of("pool", backend("a").withMaxConnections(1), backend("b"));
    AsyncStickyRouter<String> router = leasing(pool);
    table.bind(key(ALICE), null, "a", true);
    table.bind(key(BOB), null, "a", true);
    binder.answered(() -> router.lease(ALICE));

    CompletionStage<Lease> waits = router.lease(BOB);
    assertThat(waits.toCompletableFuture()).isNotDone();
    binder.answer();

    assertThat(waits.toCompletableFuture().join().route()).hasToString("MOVED b (BACKEND_FULL)");
    assertThat(table.peek(key(BOB))).isEqualTo("b");
  }

  @Test
  void whoGivesUpWaitingForALease_holdsNothing() {
    Pool pool = pool("a", "b");
    leasing(pool).lease(ALICE).toCompletableFuture().cancel(true);
    binder.answer();

    assertThat(pool.leases().size()).isZero();
    assertThat(pool.snapshot().members()).allMatch(member -> member.load().connections() == 0);
  }

  @Test
  void whoGivesUpWaitingForAnotherBackend_holdsNothing() {
    Pool pool = Pool.of("pool", backend("a").withMaxConnections(1), backend("b"));
    AsyncStickyRouter<String> router = leasing(pool);
    table.bind(key(ALICE), null, "a", true);
    table.bind(key(BOB), null, "a", true);
    binder.answered(() -> router.lease(ALICE));

    router.lease(BOB).toCompletableFuture().cancel(true);
    binder.answer();

    assertThat(connections(pool, "b")).isZero();
    assertThat(pool.leases().size()).isEqualTo(1);
  }

  @Test
  void whoGivesUpWaitingForAReroute_toAnotherBackend_holdsNothing() {
    Pool pool = Pool.of(
        "pool",
        backend("a"),
        backend("b").withMaxConnections(1),
        backend("c").withMaxConnections(1));
    AsyncStickyRouter<String> router = leasing(pool);
    table.bind(key(ALICE), null, "a", true);
    Lease lease = binder.answered(() -> router.lease(ALICE));
    CompletableFuture<Route> next = router.reroute(ALICE, lease).toCompletableFuture();
    String first = Routing.rendezvous(pool.snapshot(), key(ALICE), "a");
    pool.snapshot().member(first).acquire();
    binder.answerOne();
    assertThat(binder.waiting()).isEqualTo(1);

    next.cancel(true);
    binder.answer();

    assertThat(lease.route()).hasToString("KEPT a");
    assertThat(connections(pool, "b") + connections(pool, "c")).isEqualTo(1);
  }

  @Test
  void whoGivesUpWhileItIsHandedOver_holdsNothing() {
    Pool pool = pool("a");
    List<CompletableFuture<Lease>> waiting = new ArrayList<>();
    AsyncStickyRouter<String> router = new AsyncStickyRouter<>(
        StickyRouter.builder(pool, affinity)
            .leasing()
            .listener((request, route) -> waiting.get(0).cancel(true)),
        binder);
    waiting.add(router.lease(ALICE).toCompletableFuture());

    binder.answer();

    assertThat(waiting.get(0)).isCancelled();
    assertThat(connections(pool, "a")).isZero();
    assertThat(pool.leases().size()).isZero();
  }

  @Test
  void whoGivesUpWaitingForAReroute_holdsNothing() {
    Pool pool = pool("a", "b");
    AsyncStickyRouter<String> router = leasing(pool);
    Lease lease = binder.answered(() -> router.lease(ALICE));
    router.reroute(ALICE, lease).toCompletableFuture().cancel(true);
    binder.answer();
    lease.close();

    assertThat(pool.snapshot().members()).allMatch(member -> member.load().connections() == 0);
  }

  @Test
  void aLeaseThatIsBeingRerouted_holdsNothingMeanwhile() {
    Pool pool = pool("a", "b");
    AsyncStickyRouter<String> router = leasing(pool);
    Lease lease = binder.answered(() -> router.lease(ALICE));
    router.reroute(ALICE, lease);
    assertThat(pool.snapshot().members()).allMatch(member -> member.load().connections() == 0);
  }

  @Test
  void aLeaseThatIsClosedWhileItIsRerouted_holdsNothing() {
    Pool pool = pool("a", "b");
    AsyncStickyRouter<String> router = leasing(pool);
    Lease lease = binder.answered(() -> router.lease(ALICE));
    CompletableFuture<Route> next = router.reroute(ALICE, lease).toCompletableFuture();

    lease.close();
    binder.answer();

    assertThat(next.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(connections(pool, "a") + connections(pool, "b")).isZero();
  }

  @Test
  void leaseBalanced_takesNoTime() {
    Pool pool = Pool.of("pool", backend("a").withMaxConnections(1), backend("b"));
    AsyncStickyRouter<String> router = leasing(pool);

    try (Lease one = router.leaseBalanced(ALICE);
        Lease two = router.leaseBalanced(ALICE);
        Lease three = router.leaseBalanced(ALICE)) {
      assertThat(List.of(one, two, three))
          .allSatisfy(lease -> assertThat(lease.route().outcome()).isEqualTo(Outcome.UNBOUND));
      assertThat(connections(pool, "a")).isEqualTo(1);
      assertThat(connections(pool, "b")).isEqualTo(2);
    }
  }

  @Test
  void aRouterLeases_ifItWasBuiltSo_andOnlyThen() {
    AsyncStickyRouter<String> routes = router(pool("a"));
    AsyncStickyRouter<String> leases = leasing(pool("a"));

    assertThatIllegalStateException().isThrownBy(() -> routes.lease(ALICE));
    assertThatIllegalStateException().isThrownBy(() -> routes.leaseBalanced(ALICE));
    assertThatIllegalStateException().isThrownBy(() -> leases.route(ALICE));
    assertThatIllegalStateException().isThrownBy(() -> leases.balance(ALICE));
    Route route = routes.balance(ALICE);
    assertThatIllegalStateException().isThrownBy(() -> leases.reroute(ALICE, route));
    Lease lease = leases.leaseBalanced(ALICE);
    assertThatIllegalStateException().isThrownBy(() -> routes.reroute(ALICE, lease));
  }

  private AsyncStickyRouter<String> router(Pool pool) {
    return new AsyncStickyRouter<>(StickyRouter.builder(pool, affinity), binder);
  }

  private AsyncStickyRouter<String> leasing(Pool pool) {
    return new AsyncStickyRouter<>(StickyRouter.<String>builder(pool, affinity).leasing(), binder);
  }
}
