package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.ForwardingTable;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyTable;
import dev.limpet.core.UnreliableTable;
import dev.limpet.core.UnreliableTable.End;
import dev.limpet.core.table.TableScene;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Admissions to a table that takes time to answer. */
class LateAdmissionTest {
  private static final List<Quota> QUOTAS =
      List.of(Quota.ofLive(1), Quota.ofNewPerSecond(1), Quota.ofLive(1).andNewPerSecond(1));

  static List<Quota> quotas() {
    return QUOTAS;
  }

  static Stream<Arguments> quotasAndEnds() {
    return QUOTAS.stream()
        .flatMap(quota -> Stream.of(End.values())
            .filter(end -> end != End.THROWS && end != End.NULL) // these are no late answers
            .map(end -> Arguments.of(quota, end)));
  }

  @ParameterizedTest
  @MethodSource("quotasAndEnds")
  void admission_isPendingUntilTheAnswerAndOverAfterIt(Quota quota, End end) {
    QuotaScene scene = QuotaScene.late(quota);
    scene.late.ends(end);
    CompletableFuture<Route> route = scene.routeAsync("g/1");
    assertThat(route).isNotDone();
    assertThat(scene.affinity.pendingAdmissions()).isEqualTo(1);
    assertThat(scene.routeAsync("g/2").join().reason()).isEqualTo(Reason.OVER_QUOTA);

    scene.late.answerAll();

    assertThat(route).isDone();
    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"THROWS", "NULL"})
  void requestThatIsGivenUp_keepsTheRoomUntilTheAnswerAndNoLonger(End end) {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(1));
    scene.late.ends(end);
    scene.admits("g/1");
    CompletableFuture<Bound> unused = bindAsync(scene, "g/1", true);
    scene.affinity.endAdmission(Routing.key("g/1"));
    assertThat(scene.affinity.pendingAdmissions()).isEqualTo(1);
    assertThat(scene.admits("g/2")).isFalse();

    scene.late.answerAll();
    scene.pass(QuotaScene.REST);

    assertThat(scene.affinity.pendingAdmissions()).isZero();
    assertThat(scene.admits("g/2")).isNotEqualTo(scene.isBound("g/1"));
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void sessionThatMayHaveBeenRejected_isBoundByHashOnly(Quota quota) {
    QuotaScene scene = QuotaScene.late(quota);
    scene.admits("g/1");
    scene.admits("g/2");

    assertThat(bindAsync(scene, "g/1", false)).isCompletedWithValue(Bound.HASH_WANTED);
    CompletableFuture<Bound> byHash = bindAsync(scene, "g/1", true);
    scene.late.answerAll();
    assertThat(byHash).isCompletedWithValue(Bound.stored("a"));
  }

  @Test
  void whatWasNotAdmitted_isNotBound() {
    QuotaScene scene = QuotaScene.late(Quota.ofLive(1));
    assertThat(bindAsync(scene, "g/1", true)).isCompletedWithValue(Bound.NOT_KEPT);
    scene.late.answerAll();
    assertThat(scene.isBound("g/1")).isFalse();
  }

  @Test
  void affinityWithoutAQuota_waitsForItsTableToo() {
    UnreliableTable late = new UnreliableTable(Routing.table(10));
    CompletableFuture<Bound> bound =
        Routing.affinity(late).bindAsync(1, null, "a", true).toCompletableFuture();
    assertThat(bound).isNotDone();
    late.answerAll();
    assertThat(bound).isCompletedWithValue(Bound.stored("a"));
  }

  @ParameterizedTest
  @MethodSource("quotas")
  void sessionThatMoves_isMovedByTheTableAndCountsNoMore(Quota quota) {
    QuotaScene scene = QuotaScene.late(quota);
    CompletableFuture<Route> first = scene.routeAsync("g/1");
    scene.late.answerAll();

    CompletableFuture<Route> again = scene.rerouteAsync("g/1", first.join());
    assertThat(again).isNotDone();
    assertThat(scene.affinity.pendingAdmissions()).isZero();
    scene.late.answerAll();

    assertThat(again.join().outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.routeAsync("g/1").join().backend()).isEqualTo(again.join().backend());
    assertThat(scene.affinity.overQuota()).isZero();
  }

  @Test
  @Timeout(60)
  void tableThatIsAsked_keepsNoOtherSessionOfTheGroupWaiting() {
    List<Boolean> admitted = new ArrayList<>();
    List<KeyAffinity<String>> affinities = new ArrayList<>();
    StickyTable table = new ForwardingTable(Routing.table(10)) {
      @Override
      public CompletionStage<Bound> bindAsync(
          long key, @Nullable String expected, String candidate, boolean byHash) {
        admitted.add(
            TableScene.elsewhere(() -> affinities.get(0).admits("g/2", Routing.key("g/2"))));
        return super.bindAsync(key, expected, candidate, byHash);
      }
    };
    affinities.add(QuotaScene.affinity(Quota.ofLive(2), table));
    long key = Routing.key("g/1");

    affinities.get(0).admits("g/1", key);
    CompletionStage<Bound> unused = affinities.get(0).bindAsync(key, null, "a", true);

    assertThat(admitted).containsExactly(true);
  }

  private static CompletableFuture<Bound> bindAsync(
      QuotaScene scene, String request, boolean byHash) {
    return scene.affinity.bindAsync(Routing.key(request), null, "a", byHash).toCompletableFuture();
  }
}
