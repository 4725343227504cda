package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.limpet.core.AnyBinder;
import dev.limpet.core.AnyBinder.End;
import dev.limpet.core.AsyncStickyRouter;
import dev.limpet.core.Backend;
import dev.limpet.core.Balancer;
import dev.limpet.core.Bound;
import dev.limpet.core.ForwardingTable;
import dev.limpet.core.Load;
import dev.limpet.core.Outcome;
import dev.limpet.core.Picker;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolEdit;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An admission ends with the request that it was given to, however that ends. */
class AdmissionEndTest {
  private static final List<Quota> QUOTAS =
      List.of(Quota.ofLive(5), Quota.ofNewPerSecond(5), Quota.ofLive(5).andNewPerSecond(5));

  static Stream<Arguments> quotasAndEnds() {
    return QUOTAS.stream()
        .flatMap(quota -> Stream.of(End.values()).map(end -> Arguments.of(quota, end)));
  }

  @ParameterizedTest
  @MethodSource("quotasAndEnds")
  void answeredCalls_leaveNothingPending(Quota quota, End end) {
    QuotaScene scene = new QuotaScene(quota);
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    binder.ends(end);
    List<CompletableFuture<Route>> routes = Stream.of("g/1", "g/1", "g/2", "g/3", "g/1")
        .map(request -> router.route(request).toCompletableFuture())
        .toList();

    binder.answerAll();

    assertThat(routes).allMatch(CompletableFuture::isDone);
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void sessionsThatAreNotBound_leaveTheirRoomAtOnce(End end) {
    QuotaScene scene = new QuotaScene(Quota.ofLive(2));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    binder.ends(end);
    router.route("g/1");
    router.route("g/2");
    binder.answerAll();
    long bound = scene.table.bindings("a").orElseThrow()
        + Stream.of("b", "c", "d", "e")
            .mapToLong(name -> scene.table.bindings(name).orElseThrow())
            .sum();

    binder.ends(End.BINDS);
    List<CompletableFuture<Route>> next = Stream.of("g/3", "g/4")
        .map(request -> router.route(request).toCompletableFuture())
        .toList();
    binder.answerAll();

    assertThat(next.stream().filter(route -> route.join().outcome() == Outcome.NEW))
        .hasSize((int) (2 - bound));
  }

  @Test
  void callThatTakesLong_keepsItsRoomUntilItIsAnswered() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    CompletableFuture<Route> first = router.route("g/1").toCompletableFuture();
    scene.pass(QuotaScene.REST.multipliedBy(3));

    Route second = router.route("g/2").toCompletableFuture().join();
    binder.answerAll();

    assertThat(second.reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(first.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.isBound("g/1")).isTrue();
  }

  @Test
  void requestWhoseCallFails_leavesTheRoomToOneOfTheSameSession() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    binder.ends(End.UNAVAILABLE);
    router.route("g/1");
    binder.ends(End.BINDS);
    CompletableFuture<Route> other = router.route("g/1").toCompletableFuture();

    binder.answerAll();

    assertThat(other.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.route("g/2").toCompletableFuture().join().reason())
        .isEqualTo(Reason.OVER_QUOTA);
  }

  @ParameterizedTest
  @EnumSource
  void leaseThatNobodyWaitsFor_leavesNothingPending(End end) {
    QuotaScene scene = new QuotaScene(Quota.ofLive(5));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = new AsyncStickyRouter<>(
        StickyRouter.<String>builder(Routing.pool("a", "b"), scene.affinity).leasing(), binder);
    binder.ends(end);
    router.lease("g/1").toCompletableFuture().cancel(false);
    router.lease("g/2").toCompletableFuture().completeExceptionally(new IllegalStateException());

    binder.answerAll();

    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @Test
  void reroutes_leaveNothingPending() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(5));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    for (End end : End.values()) {
      binder.ends(End.BINDS);
      String request = "g" + end + "/1";
      CompletableFuture<Route> first = router.route(request).toCompletableFuture();
      binder.answerAll();
      binder.ends(end);
      CompletableFuture<Route> again = router.reroute(request, first.join()).toCompletableFuture();
      binder.answerAll();
      assertThat(again).isDone();
    }
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @Test
  void placeThatForgotASession_isNotAskedForEver() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(5));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    CompletableFuture<Route> first = router.route("g/1").toCompletableFuture();
    binder.answerAll();
    binder.ends(End.ABSENT);

    CompletableFuture<Route> again = router.reroute("g/1", first.join()).toCompletableFuture();
    binder.answerAny(new Random(1));
    binder.answerAny(new Random(1));

    assertThat(again.join().reason()).isEqualTo(Reason.TABLE_FULL);
  }

  @Test
  void backendsThatGoMeanwhile_leaveNothingPending() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(5));
    AnyBinder binder = new AnyBinder(scene.table);
    AsyncStickyRouter<String> router = scene.async(binder);
    binder.ends(End.HASH_WANTED);
    CompletableFuture<Route> route = router.route("g/1").toCompletableFuture();
    scene.each(PoolEdit::down);

    binder.answerAll();

    assertThat(route.join().outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @Test
  void tableThatThrows_leavesNothingPending() {
    for (Quota quota : QUOTAS) {
      StickyTable broken = new ForwardingTable(Routing.table(100)) {
        @Override
        public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
          throw new IllegalStateException("broken");
        }
      };
      KeyAffinity<String> affinity = QuotaScene.affinity(quota, broken);
      StickyRouter<String> router = StickyRouter.of(Routing.pool("a"), affinity);

      assertThatIllegalStateException().isThrownBy(() -> router.route("g/1"));

      assertThat(affinity.pendingAdmissions()).isZero();
    }
  }

  @Test
  void pickerThatThrows_leavesNothingPending() {
    for (Quota quota : QUOTAS) {
      KeyAffinity<String> affinity = QuotaScene.affinity(quota, Routing.table(100));
      StickyRouter<String> router = StickyRouter.<String>builder(brokenPicks(), affinity)
          .profile(Profile.OPEN)
          .build();

      assertThatIllegalStateException().isThrownBy(() -> router.route("g/1"));

      assertThat(affinity.pendingAdmissions()).isZero();
    }
  }

  private static Pool brokenPicks() {
    return Pool.builder("pool")
        .balancer(new Balancer() {
          @Override
          public Picker picker(List<Backend> eligible, List<Load> loads) {
            return key -> {
              throw new IllegalStateException("broken");
            };
          }

          @Override
          public String name() {
            return "broken";
          }
        })
        .backends(List.of(Routing.backend("a")))
        .build();
  }

  @Test
  void tableThatIsFull_leavesNothingPending() {
    for (Quota quota : QUOTAS) {
      QuotaScene scene = new QuotaScene(quota, 1);
      scene.route("g/1");
      scene.route("g/2");
      scene.pass(Duration.ofSeconds(2));
      scene.route("g/3");
      assertThat(scene.affinity.pendingAdmissions()).isZero();
    }
  }
}
