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
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncStickyRouterTest {
  private static final String ALICE = "alice";

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
  void withoutABinder_thereIsNoRouterAndThePoolStaysFree() {
    Pool pool = pool("a");
    assertThatNullPointerException()
        .isThrownBy(() -> new AsyncStickyRouter<>(StickyRouter.builder(pool, affinity), null))
        .withMessage("binder");
    pool.change(edit -> edit.replace(backend("a").withMaxConnections(1)));
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
}
