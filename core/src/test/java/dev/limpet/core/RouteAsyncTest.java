package dev.limpet.core;

import static dev.limpet.core.Routing.TEXT;
import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.core.affinity.KeyAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Routes of sessions whose binding takes time. */
class RouteAsyncTest {
  private static final String ALICE = "alice";

  private final LateTable table = new LateTable(Routing.table(1_000));
  private final Affinity<String> affinity = affinity(table);

  @Test
  void aSessionThatIsKnown_isRoutedAtOnce() {
    StickyRouter<String> router = router(pool("a", "b"));
    Route first = table.answered(() -> router.routeAsync(ALICE));

    assertThat(first.outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.routeAsync(ALICE))
        .isCompletedWithValueMatching(kept -> kept.toString().equals("KEPT " + id(first)));
    assertThat(table.waiting()).isZero();
  }

  @Test
  void aNewSession_isRoutedWhenTheTableAnswers() {
    StickyRouter<String> router = router(pool("a", "b"));

    CompletableFuture<Route> route = router.routeAsync(ALICE).toCompletableFuture();

    assertThat(route).isNotDone();
    assertThat(router.stats().requests()).isZero();
    table.answer();
    assertThat(route.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(1);
  }

  @Test
  void route_doesNotWaitForATableThatAnswersLate() {
    StickyRouter<String> router = router(pool("a", "b"));

    assertThat(router.route(ALICE).outcome()).isEqualTo(Outcome.NEW);
    assertThat(table.waiting()).isZero();
  }

  @Test
  void firstRequestsThatRace_agree() {
    StickyRouter<String> router = router(pool("a", "b"));
    CompletableFuture<Route> one = router.routeAsync(ALICE).toCompletableFuture();
    CompletableFuture<Route> other = router.routeAsync(ALICE).toCompletableFuture();

    table.answer();

    assertThat(one.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(other.join()).hasToString("KEPT " + id(one.join()));
  }

  @Test
  void aBackendThatDrainsWhileItIsBound_doesNotGetTheSession() {
    Pool pool = pool("a");
    StickyRouter<String> router = router(pool);
    CompletableFuture<Route> route = router.routeAsync(ALICE).toCompletableFuture();

    pool.change(edit -> edit.drain("a").add(Routing.backend("b")));
    table.answer();

    assertThat(id(route.join())).isEqualTo("b");
    assertThat(table.peek(key(ALICE))).isEqualTo("b");
  }

  @Test
  void whereNobodyAnswers_aSessionGoesByTheHashOfItsKey() {
    Pool pool = pool("a", "b", "c");
    StickyRouter<String> router = StickyRouter.of(pool, affinity(unavailable()));

    for (String request : requests(100)) {
      Route route = router.routeAsync(request).toCompletableFuture().join();
      assertThat(route)
          .hasToString(
              "HASHED " + rendezvous(pool.snapshot(), key(request)) + " (STORE_UNAVAILABLE)");
    }
    assertThat(router.stats().count(Reason.STORE_UNAVAILABLE)).isEqualTo(100);
  }

  @Test
  void whereNobodyAnswersAReroute_theRequestGoesToAnotherBackend() {
    Pool pool = pool("a", "b");
    StickyRouter<String> router = StickyRouter.of(pool, affinity(unavailable()));
    table.bind(key(ALICE), null, "a", true);
    Route failed = router.routeAsync(ALICE).toCompletableFuture().join();

    assertThat(router.rerouteAsync(ALICE, failed).toCompletableFuture().join())
        .hasToString("HASHED b (STORE_UNAVAILABLE)");
  }

  /** Looks where {@link #table} looks, and binds nothing. */
  private StickyTable unavailable() {
    return new ForwardingTable(table) {
      @Override
      public CompletableFuture<Bound> bindAsync(
          long key, String expected, String candidate, boolean byHash) {
        return CompletableFuture.completedFuture(Bound.UNAVAILABLE);
      }
    };
  }

  @Test
  void whenNothingCanBeReached_theBindingIsAgainWhatTheRequestFound() {
    StickyRouter<String> router = router(pool("a", "b"));
    table.bind(key(ALICE), null, "a", true);
    Route kept = table.answered(() -> router.routeAsync(ALICE));
    Route moved = table.answered(() -> router.rerouteAsync(ALICE, kept));
    assertThat(table.peek(key(ALICE))).isEqualTo("b");

    Route none = table.answered(() -> router.rerouteAsync(ALICE, moved));

    assertThat(none.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(table.peek(key(ALICE))).isEqualTo("a");
    assertThat(router.stats().reroutes()).isEqualTo(2);
  }

  @Test
  void routeUnbound_takesNoTime() {
    assertThat(router(pool("a")).routeUnbound(ALICE)).hasToString("UNBOUND a (IGNORED)");
  }

  @Test
  void aRouteWithoutABackend_cannotBeRerouted() {
    StickyRouter<String> router = router(Pool.of("empty"));
    Route none = table.answered(() -> router.routeAsync(ALICE));
    assertThat(none.outcome()).isEqualTo(Outcome.NO_BACKEND);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.rerouteAsync(ALICE, none))
        .withMessage("failed: " + none + " (expected: a route with a backend)");
  }

  @Test
  void anExtractorThatThrows_throwsAtOnceAndIsNotCounted() {
    KeyAffinity<String> broken = KeyAffinity.<String>builder((request, hasher) -> {
          throw new IllegalArgumentException("broken");
        })
        .build();
    StickyRouter<String> router = StickyRouter.of(pool("a"), broken);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.routeAsync(ALICE))
        .withMessage("broken");
    assertThat(router.stats().requests()).isZero();
  }

  @Test
  void aTableThatFails_failsTheStage_andTheNextRequestCanBind() {
    UnreliableTable unreliable = new UnreliableTable(Routing.table(10));
    StickyRouter<String> router = StickyRouter.of(pool("a"), affinity(unreliable));

    for (UnreliableTable.End end :
        List.of(UnreliableTable.End.FAILS, UnreliableTable.End.THROWS, UnreliableTable.End.NULL)) {
      unreliable.ends(end);
      CompletableFuture<Route> failed = router.routeAsync(ALICE).toCompletableFuture();
      unreliable.answerAll();
      assertThat(failed).as("%s", end).isCompletedExceptionally();
    }
    assertThat(router.stats().requests()).isZero();

    unreliable.ends(UnreliableTable.End.BINDS);
    CompletableFuture<Route> bound = router.routeAsync(ALICE).toCompletableFuture();
    unreliable.answerAll();
    assertThat(bound.join()).hasToString("NEW a (UNKNOWN)");
  }

  @Test
  void theListenerHearsOfEveryAnswerOnce() {
    List<String> heard = new ArrayList<>();
    StickyRouter<String> router = StickyRouter.<String>builder(pool("a"), affinity)
        .listener((request, route) -> heard.add(request + ' ' + route))
        .build();

    table.answered(() -> router.routeAsync(ALICE));
    router.routeAsync(ALICE);

    assertThat(heard).containsExactly("alice NEW a (UNKNOWN)", "alice KEPT a");
  }

  @Test
  void anAffinityThatBindsAtOnce_isAnsweredAtOnce() {
    Affinity<String> mine = new ForwardingAffinity<>(affinity(Routing.table(10))) {};
    StickyRouter<String> router = StickyRouter.of(pool("a", "b"), mine);

    CompletableFuture<Route> route = router.routeAsync(ALICE).toCompletableFuture();

    assertThat(route).isDone();
    assertThat(route.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.rerouteAsync(ALICE, route.join()).toCompletableFuture()).isDone();
  }

  @Test
  void anAffinityOfItsOwn_mayBindLater() {
    CompletableFuture<Bound> answer = new CompletableFuture<>();
    Affinity<String> mine = new ForwardingAffinity<>(KeyAffinity.builder(TEXT).build()) {
      @Override
      public CompletableFuture<Bound> bindAsync(
          long key, String expected, String candidate, boolean byHash) {
        return answer;
      }
    };
    StickyRouter<String> router = StickyRouter.of(pool("a"), mine);

    CompletableFuture<Route> route = router.routeAsync(ALICE).toCompletableFuture();

    assertThat(route).isNotDone();
    answer.complete(Bound.stored("a"));
    assertThat(route.join()).hasToString("NEW a (UNKNOWN)");
  }

  private StickyRouter<String> router(Pool pool) {
    return StickyRouter.of(pool, affinity);
  }
}
