package dev.limpet.core.affinity;

import static dev.limpet.core.affinity.QuotaScene.REST;
import static dev.limpet.core.affinity.QuotaScene.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolEdit;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuotaTest {
  @Test
  void groupAtItsCap_isHashedAndOthersAreStored() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(3));
    for (int i = 0; i < 3; i++) {
      assertThat(scene.route("flood/" + i).outcome()).isEqualTo(Outcome.NEW);
    }

    Route fourth = scene.route("flood/3");

    assertThat(fourth.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(fourth.reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(Routing.id(fourth))
        .isEqualTo(Routing.rendezvous(scene.router.pool().snapshot(), Routing.key("flood/3")));
    assertThat(scene.isBound("flood/3")).isFalse();
    assertThat(scene.route("flood/0").outcome()).isEqualTo(Outcome.KEPT);
    assertThat(scene.route("other/0").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.affinity.overQuota()).isEqualTo(1);
  }

  @Test
  void requestWithoutASession_hasNoGroup() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    assertThat(scene.route("").reason()).isEqualTo(Reason.NO_KEY);
  }

  @Test
  void everyRejection_isRememberedForADuration() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    scene.route("g/1");
    scene.route("g/2");
    scene.pass(T.dividedBy(128));
    assertThat(scene.route("g/3").outcome()).isEqualTo(Outcome.HASHED);
    scene.pass(T.minusNanos(1));
    assertThat(scene.router.peek("g/4").byHash()).isTrue();
  }

  @Test
  void hashedSessions_stayWhereTheyAre_whenThereIsRoomAgain() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(2));
    scene.route("g/first");
    scene.route("g/second");
    Map<String, Backend> homes = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      homes.put("g/" + i, scene.route("g/" + i).backend());
    }

    int stored = 0;
    for (int step = 0; step < 8; step++) {
      scene.pass(T.dividedBy(3));
      for (Map.Entry<String, Backend> home : homes.entrySet()) {
        Route route = scene.route(home.getKey());
        assertThat(route.backend()).isEqualTo(home.getValue());
        stored += (route.outcome() == Outcome.NEW) ? 1 : 0;
      }
    }
    assertThat(stored).isEqualTo(2);
  }

  @Test
  void rejection_isForgottenAfterADuration() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    scene.route("g/1");
    scene.route("g/2");
    scene.pass(T.minusNanos(1));
    assertThat(scene.router.peek("g/2").byHash()).isTrue();
    assertThat(scene.router.peek("other/2").byHash()).isFalse();
    scene.pass(T.dividedBy(100));
    assertThat(scene.router.peek("g/2").byHash()).isFalse();
  }

  @Test
  void placesOfEndedBindings_areFoundAfterARest() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(2));
    scene.pass(REST);
    scene.route("g/1");
    scene.route("g/2");
    scene.route("g/3");
    scene.router.unbind("g/1");
    scene.pass(REST);
    assertThat(scene.route("g/4").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.route("g/5").outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void sessionThatEndsAndBeginsAgain_countsOnce() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(10));
    scene.route("g/other");
    for (int i = 0; i < 100; i++) {
      assertThat(scene.route("g/1").outcome()).isEqualTo(Outcome.NEW);
      scene.router.unbind("g/1");
    }
  }

  @Test
  void sessionThatEndsAndBeginsAgain_takesNoRoomFromOthers() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(10));
    for (int i = 0; i < 9; i++) {
      scene.route("g/" + i);
    }
    for (int i = 0; i < 4; i++) {
      scene.router.unbind("g/5");
      scene.route("g/5");
    }
    assertThat(scene.route("g/9").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.route("g/10").outcome()).isEqualTo(Outcome.HASHED);
  }

  @ParameterizedTest
  @MethodSource
  void requestsOfOneSessionAtOnce_countOnce(Quota quota) {
    QuotaScene scene = new QuotaScene(quota);
    for (int i = 0; i < 6; i++) {
      assertThat(scene.admits("g/1")).isTrue();
    }
    assertThat(scene.bind("g/1").status()).isEqualTo(Bound.Status.STORED);
    assertThat(scene.admits("g/1")).isTrue();
    assertThat(scene.bind("g/1")).isEqualTo(Bound.held("a"));
    assertThat(scene.admits("g/2")).isTrue();
    assertThat(scene.admits("g/3")).isFalse();
  }

  static List<Quota> requestsOfOneSessionAtOnce_countOnce() {
    return List.of(Quota.ofLive(2), Quota.ofNewPerSecond(2), Quota.ofLive(9).andNewPerSecond(2));
  }

  @ParameterizedTest
  @MethodSource("ofOneSession")
  void outage_isTheReasonAndUsesNothingUp(Quota quota) {
    QuotaScene scene = new QuotaScene(quota);
    scene.each(PoolEdit::down);
    for (int i = 0; i < 3; i++) {
      Route route = scene.route("g/" + i);
      assertThat(route.outcome()).isEqualTo(Outcome.NO_BACKEND);
      assertThat(route.reason()).isEqualTo(Reason.UNKNOWN);
    }
    scene.each(PoolEdit::up);
    assertThat(scene.route("g/7").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.affinity.overQuota()).isZero();
  }

  @ParameterizedTest
  @MethodSource("ofOneSession")
  void fullBackends_areTheReasonAndUseNothingUp(Quota quota) {
    QuotaScene scene = new QuotaScene(quota);
    Pool pool = Routing.counting(Routing.limited("a", 1));
    StickyRouter<String> router = StickyRouter.of(pool, scene.affinity);
    try (Route bySomeoneElse = router.routeUnbound("x/1")) {
      assertThat(bySomeoneElse.outcome()).isEqualTo(Outcome.UNBOUND);
      for (int i = 0; i < 3; i++) {
        Route route = router.route("g/" + i);
        assertThat(route.outcome()).isEqualTo(Outcome.NO_BACKEND);
        assertThat(route.reason()).isEqualTo(Reason.BACKEND_FULL);
      }
    }
    assertThat(router.route("g/7").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.affinity.overQuota()).isZero();
  }

  static List<Quota> ofOneSession() {
    return List.of(Quota.ofLive(1), Quota.ofNewPerSecond(1), Quota.ofLive(10).andNewPerSecond(1));
  }

  @Test
  void whatWasNotAdmitted_isNotBound() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    assertThat(scene.bind("g/1")).isEqualTo(Bound.NOT_KEPT);
    assertThat(scene.isBound("g/1")).isFalse();
  }

  @Test
  void whatIsNotBoundInTime_isNotBoundAndLeavesRoom() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1));
    scene.admits("g/1");
    assertThat(scene.admits("g/2")).isFalse();
    scene.pass(REST);
    assertThat(scene.admits("g/2")).isTrue();
    assertThat(scene.bind("g/1")).isEqualTo(Bound.NOT_KEPT);
    assertThat(scene.bind("g/2").status()).isEqualTo(Bound.Status.STORED);
  }

  @Test
  void sessionThatIsBoundTooLate_comesBackByHashForADuration() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(2));
    scene.admits("g/1");
    scene.pass(REST.multipliedBy(2));
    scene.route("g/2");
    assertThat(scene.bind("g/1")).isEqualTo(Bound.NOT_KEPT);
    assertComesBackByHash(scene, "g/1");
  }

  @Test
  void sessionThatEndsBetweenItsRequests_comesBackByHashForADuration() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(2));
    scene.route("g/1");
    scene.router.unbind("g/1");
    assertThat(scene.bind("g/1")).isEqualTo(Bound.NOT_KEPT);
    assertComesBackByHash(scene, "g/1");
  }

  @Test
  void restoredTable_leavesSessionsWhereTheyWere(@TempDir Path folder) throws IOException {
    for (Quota quota : ofOneSession()) {
      Path file = folder.resolve("table");
      QuotaScene scene = new QuotaScene(quota);
      scene.route("g/0");
      scene.affinity.save(file);
      QuotaScene restarted = new QuotaScene(quota);
      restarted.affinity.restore(folder.resolve("absent"));
      assertThat(restarted.router.peek("g/1").byHash()).isFalse();
      restarted.affinity.restore(file);
      assertComesBackByHash(restarted, "g/1");
    }
  }

  @Test
  void tableThatOthersUsed_leavesSessionsWhereTheyWere() {
    for (Quota quota : ofOneSession()) {
      QuotaScene used = new QuotaScene(quota);
      used.route("g/0");
      assertComesBackByHash(new QuotaScene(quota, used), "g/1");
    }
  }

  private static void assertComesBackByHash(QuotaScene scene, String session) {
    assertThat(scene.router.peek(session).byHash()).isTrue();
    scene.pass(T.minusNanos(1));
    assertThat(scene.router.peek(session).byHash()).isTrue();
    scene.pass(T.dividedBy(100));
    assertThat(scene.router.peek(session).byHash()).isFalse();
  }

  @Test
  void sessionThatFindsNoPlaceInTheTable_countsForNobody() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1), 1);
    scene.route("g/1");
    for (int i = 0; i < 10; i++) {
      assertThat(scene.route("other/" + i).reason()).isEqualTo(Reason.TABLE_FULL);
    }
  }

  @ParameterizedTest
  @MethodSource("ofOneSession")
  void sessionThatMayHaveBeenRejected_isBoundByHashOnly(Quota quota) {
    QuotaScene scene = new QuotaScene(quota);
    scene.admits("g/1");
    scene.admits("g/2");
    long key = Routing.key("g/1");
    assertThat(scene.affinity.bind(key, null, "a", false)).isEqualTo(Bound.HASH_WANTED);
    assertThat(scene.affinity.bind(key, null, "a", true)).isEqualTo(Bound.stored("a"));
  }
}
