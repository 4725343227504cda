package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AsyncStickyRouterTest {
  private static final String ALICE = "alice";
  private static final String BOB = "bob";

  private final StickyTable table = Routing.table(1_000);
  private final Affinity<String> affinity = affinity(table);
  private final LateBinder binder = new LateBinder(affinity);

  @Test
  void aSessionThatIsKnown_isRoutedAtOnce() {
    AsyncStickyRouter<String> router = router(pool("a", "b"));
    Route first = binder.answered(() -> router.route(ALICE));

    assertThat(first.outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.route(ALICE))
        .isCompletedWithValueMatching(kept -> kept.toString().equals("KEPT " + id(first)));
    assertThat(binder.waiting()).isZero();
  }

  @Test
  void aNewSession_isRoutedWhenItsBinderAnswers() {
    AsyncStickyRouter<String> router = router(pool("a", "b"));

    CompletableFuture<Route> route = router.route(ALICE).toCompletableFuture();

    assertThat(route).isNotDone();
    assertThat(router.stats().requests()).isZero();
    binder.answer();
    assertThat(route.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(1);
  }

  @Test
  void firstRequestsThatRace_agree() {
    AsyncStickyRouter<String> router = router(pool("a", "b"));
    CompletableFuture<Route> one = router.route(ALICE).toCompletableFuture();
    CompletableFuture<Route> other = router.route(ALICE).toCompletableFuture();

    binder.answer();

    assertThat(one.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(other.join()).hasToString("KEPT " + id(one.join()));
  }

  @Test
  void aBackendThatDrainsWhileItIsBound_doesNotGetTheSession() {
    Pool pool = pool("a");
    AsyncStickyRouter<String> router = router(pool);
    CompletableFuture<Route> route = router.route(ALICE).toCompletableFuture();

    pool.change(edit -> edit.drain("a").add(backend("b")));
    binder.answer();

    assertThat(id(route.join())).isEqualTo("b");
    assertThat(table.peek(key(ALICE))).isEqualTo("b");
  }

  @Test
  void whereNobodyAnswers_aSessionGoesByTheHashOfItsKey() {
    Pool pool = pool("a", "b", "c");
    AsyncStickyRouter<String> router = new AsyncStickyRouter<>(
        StickyRouter.builder(pool, affinity),
        (key, expected, candidate, byHash) -> CompletableFuture.completedStage(Bound.UNAVAILABLE));

    for (String request : requests(100)) {
      Route route = router.route(request).toCompletableFuture().join();
      assertThat(route)
          .hasToString(
              "HASHED " + rendezvous(pool.snapshot(), key(request)) + " (STORE_UNAVAILABLE)");
    }
    assertThat(router.stats().count(Reason.STORE_UNAVAILABLE)).isEqualTo(100);
  }

  @Test
  void whereNobodyAnswersAReroute_theRequestGoesToAnotherBackend() {
    Pool pool = pool("a", "b");
    AsyncStickyRouter<String> router = new AsyncStickyRouter<>(
        StickyRouter.builder(pool, affinity),
        (key, expected, candidate, byHash) -> CompletableFuture.completedStage(Bound.UNAVAILABLE));
    table.bind(key(ALICE), null, "a", true);
    Route failed = router.route(ALICE).toCompletableFuture().join();

    assertThat(router.reroute(ALICE, failed).toCompletableFuture().join())
        .hasToString("HASHED b (STORE_UNAVAILABLE)");
  }

  @Test
  void whenNothingCanBeReached_theBindingIsAgainWhatTheRequestFound() {
    AsyncStickyRouter<String> router = router(pool("a", "b"));
    table.bind(key(ALICE), null, "a", true);
    Route kept = binder.answered(() -> router.route(ALICE));
    Route moved = binder.answered(() -> router.reroute(ALICE, kept));
    assertThat(table.peek(key(ALICE))).isEqualTo("b");

    Route none = binder.answered(() -> router.reroute(ALICE, moved));

    assertThat(none.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(table.peek(key(ALICE))).isEqualTo("a");
    assertThat(router.stats().reroutes()).isEqualTo(2);
  }

  @Test
  void balance_takesNoTime() {
    AsyncStickyRouter<String> router = router(pool("a"));

    assertThat(router.balance(ALICE)).hasToString("UNBOUND a (IGNORED)");
  }

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
  void withoutABinder_thereIsNoRouterAndThePoolStaysFree() {
    Pool pool = pool("a");
    assertThatNullPointerException()
        .isThrownBy(() -> new AsyncStickyRouter<>(StickyRouter.builder(pool, affinity), null))
        .withMessage("binder");
    pool.change(edit -> edit.replace(backend("a").withMaxConnections(1)));
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

  @Test
  void settingsAreCheckedAsForAnyRouter() {
    Pool pool = Pool.of("pool", backend("a").withMaxConnections(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> router(pool))
        .withMessageContaining("leasing");
  }

  @Test
  void theListenerHearsOfEveryAnswerOnce() {
    List<String> heard = new ArrayList<>();
    AsyncStickyRouter<String> router = new AsyncStickyRouter<>(
        StickyRouter.<String>builder(pool("a"), affinity)
            .listener((request, route) -> heard.add(request + ' ' + route)),
        binder);

    binder.answered(() -> router.route(ALICE));
    router.route(ALICE);

    assertThat(heard).containsExactly("alice NEW a (UNKNOWN)", "alice KEPT a");
  }

  private AsyncStickyRouter<String> router(Pool pool) {
    return new AsyncStickyRouter<>(StickyRouter.builder(pool, affinity), binder);
  }

  private AsyncStickyRouter<String> leasing(Pool pool) {
    return new AsyncStickyRouter<>(StickyRouter.<String>builder(pool, affinity).leasing(), binder);
  }

  private static int connections(Pool pool, String name) {
    return pool.snapshot().member(name).load().connections();
  }
}
