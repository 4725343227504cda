package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
import dev.limpet.core.UnreliableTable.End;
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
    QuotaScene scene = QuotaScene.late(quota);
    scene.late.ends(end);
    List<CompletableFuture<Route>> routes =
        Stream.of("g/1", "g/1", "g/2", "g/3", "g/1").map(scene::routeAsync).toList();

    scene.late.answerAll();

    assertThat(routes).allMatch(CompletableFuture::isDone);
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void sessionsThatAreNotBound_leaveTheirRoomAtOnce(End end) {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(2));
    scene.late.ends(end);
    scene.router.routeAsync("g/1");
    scene.router.routeAsync("g/2");
    scene.late.answerAll();
    long bound = scene.table.bindings("a").orElseThrow()
        + Stream.of("b", "c", "d", "e")
            .mapToLong(name -> scene.table.bindings(name).orElseThrow())
            .sum();

    scene.late.ends(End.BINDS);
    List<CompletableFuture<Route>> next =
        Stream.of("g/3", "g/4").map(scene::routeAsync).toList();
    scene.late.answerAll();

    assertThat(next.stream().filter(route -> route.join().outcome() == Outcome.NEW))
        .hasSize((int) (2 - bound));
  }

  @Test
  void callThatTakesLong_keepsItsRoomUntilItIsAnswered() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(1));
    CompletableFuture<Route> first = scene.routeAsync("g/1");
    scene.pass(QuotaScene.REST.multipliedBy(3));

    Route second = scene.routeAsync("g/2").join();
    scene.late.answerAll();

    assertThat(second.reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(first.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.isBound("g/1")).isTrue();
  }

  @Test
  void sessionThatEndsWhileACallIsUnderWay_keepsItsRoomUntilThatIsAnswered() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(1));
    scene.router.routeAsync("g/1");
    scene.router.routeAsync("g/1");
    scene.late.answerAny(new Random(1));
    scene.router.unbind("g/1");
    scene.pass(QuotaScene.REST.multipliedBy(3));
    CompletableFuture<Route> other = scene.routeAsync("g/2");

    scene.late.answerAll();

    assertThat(scene.isBound("g/1")).isTrue();
    assertThat(scene.isBound("g/2")).isFalse();
    assertThat(other.join().reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void sessionThatIsBound_countsHoweverItsOtherCallsEnd(End end) {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(1));
    scene.router.routeAsync("g/1");
    scene.late.ends(end);
    scene.router.routeAsync("g/1");
    scene.late.answerAll();

    scene.late.ends(End.BINDS);
    CompletableFuture<Route> other = scene.routeAsync("g/2");
    scene.late.answerAll();

    assertThat(scene.isBound("g/1")).isTrue();
    assertThat(other.join().reason()).isEqualTo(Reason.OVER_QUOTA);
  }

  @Test
  void requestWhoseCallFails_leavesTheRoomToOneOfTheSameSession() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(1));
    scene.late.ends(End.UNAVAILABLE);
    scene.router.routeAsync("g/1");
    scene.late.ends(End.BINDS);
    CompletableFuture<Route> other = scene.routeAsync("g/1");

    scene.late.answerAll();

    assertThat(other.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.routeAsync("g/2").join().reason()).isEqualTo(Reason.OVER_QUOTA);
  }

  @ParameterizedTest
  @EnumSource
  void routeThatNobodyWaitsFor_leavesNothingPending(End end) {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(5));
    StickyRouter<String> router = StickyRouter.of(
        Routing.counting(Routing.backend("a"), Routing.backend("b")), scene.affinity);
    scene.late.ends(end);
    router.routeAsync("g/1").toCompletableFuture().cancel(false);
    router
        .routeAsync("g/2")
        .toCompletableFuture()
        .completeExceptionally(new IllegalStateException());

    scene.late.answerAll();

    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @Test
  void reroutes_leaveNothingPending() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(5));
    for (End end : End.values()) {
      scene.late.ends(End.BINDS);
      String request = "g" + end + "/1";
      CompletableFuture<Route> first = scene.routeAsync(request);
      scene.late.answerAll();
      scene.late.ends(end);
      CompletableFuture<Route> again = scene.rerouteAsync(request, first.join());
      scene.late.answerAll();
      assertThat(again).isDone();
    }
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @Test
  void placeThatForgotASession_isNotAskedForEver() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(5));
    CompletableFuture<Route> first = scene.routeAsync("g/1");
    scene.late.answerAll();
    scene.late.ends(End.ABSENT);

    CompletableFuture<Route> again = scene.rerouteAsync("g/1", first.join());
    scene.late.answerAny(new Random(1));
    scene.late.answerAny(new Random(1));

    assertThat(again.join().reason()).isEqualTo(Reason.TABLE_FULL);
  }

  @Test
  void backendsThatGoMeanwhile_leaveNothingPending() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(5));
    scene.late.ends(End.HASH_WANTED);
    CompletableFuture<Route> route = scene.routeAsync("g/1");
    scene.each(PoolEdit::down);

    scene.late.answerAll();

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
