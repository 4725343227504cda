package dev.limpet.core;

import static dev.limpet.core.QuotaScene.REST;
import static dev.limpet.core.QuotaScene.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void shareOfTheCapacity_isTheCap() {
    for (Quota quota : new Quota[] {Quota.standard(), Quota.ofLiveShare(0.1)}) {
      QuotaScene scene = new QuotaScene(quota, 59);
      for (int i = 0; i < 5; i++) {
        assertThat(scene.route("flood/" + i).outcome()).isEqualTo(Outcome.NEW);
      }
      assertThat(scene.route("flood/5").outcome()).isEqualTo(Outcome.HASHED);
    }
    assertThat(new QuotaScene(Quota.standard(), 1).route("one/0").outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void shareOfTheCapacity_isThatOfTheDecimalNumber() {
    for (int percent : new int[] {29, 57, 58}) {
      QuotaScene scene = new QuotaScene(Quota.ofLiveShare(percent / 100.0), 100);
      for (int i = 0; i < percent; i++) {
        assertThat(scene.admits("flood/" + i)).isTrue();
      }
      assertThat(scene.admits("flood/" + percent)).isFalse();
    }
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
  void newSessions_areLimitedByTheSecond() {
    QuotaScene scene = new QuotaScene(Quota.ofNewPerSecond(10));
    for (int i = 0; i < 10; i++) {
      assertThat(scene.route(i + "/x").outcome()).isEqualTo(Outcome.NEW);
    }
    Route late = scene.route("10/x");
    assertThat(late.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(late.reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(scene.route("0/x").outcome()).isEqualTo(Outcome.KEPT);

    scene.pass(Duration.ofMillis(100).minusNanos(1));
    assertThat(scene.route("10/x").outcome()).isEqualTo(Outcome.HASHED);
    scene.pass(Duration.ofNanos(1));
    Route again = scene.route("10/x");
    assertThat(again.outcome()).isEqualTo(Outcome.NEW);
    assertThat(again.backend()).isEqualTo(late.backend());
    assertThat(scene.route("11/x").outcome()).isEqualTo(Outcome.HASHED);
    assertThat(scene.affinity.overQuota()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 999, 600_001, 1_000_000})
  void newSessionsAtOnce_areAsManyAsOfASecond(int perSecond) {
    NewRate rate = new NewRate(perSecond, 1);
    long admitted =
        IntStream.range(0, perSecond + 9).filter(i -> rate.admits(0)).count();
    assertThat(admitted).isEqualTo(perSecond);
    long interval = (1_000_000_000L + perSecond - 1) / perSecond;
    assertThat(rate.admits(interval - 1)).isFalse();
    assertThat(rate.admits(interval)).isTrue();
    assertThat(rate.admits(interval)).isFalse();
  }

  @Test
  void sessionsOverTheRate_areHashedForADuration() {
    QuotaScene scene = new QuotaScene(Quota.ofNewPerSecond(1));
    scene.route("g/1");
    scene.route("g/2");
    scene.pass(T.minusNanos(1));
    assertThat(scene.router.peek("other/1").byHash()).isTrue();
    scene.pass(T.dividedBy(100));
    assertThat(scene.router.peek("other/1").byHash()).isFalse();
  }

  @Test
  void groupAtItsCap_takesNothingOfTheRate() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1).andNewPerSecond(3));
    scene.route("flood/0");
    for (int i = 1; i < 100; i++) {
      assertThat(scene.route("flood/" + i).outcome()).isEqualTo(Outcome.HASHED);
    }
    assertThat(scene.route("other/0").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.route("another/0").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.route("yet another/0").outcome()).isEqualTo(Outcome.HASHED);
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

  @Test
  void sessionThatEndsAndBeginsAgain_isNewAgain() {
    QuotaScene scene = new QuotaScene(Quota.ofNewPerSecond(2));
    scene.route("g/1");
    scene.router.unbind("g/1");
    assertThat(scene.route("g/1").outcome()).isEqualTo(Outcome.NEW);
    scene.router.unbind("g/1");
    assertThat(scene.route("g/1").outcome()).isEqualTo(Outcome.HASHED);
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
    Pool pool = Pool.of("pool", Routing.backend("a").withMaxConnections(1));
    StickyRouter<String> router =
        StickyRouter.builder(pool, scene.affinity).leasing().build();
    try (Lease bySomeoneElse = router.leaseBalanced("x/1")) {
      assertThat(bySomeoneElse.route().outcome()).isEqualTo(Outcome.UNBOUND);
      for (int i = 0; i < 3; i++) {
        Route route = router.lease("g/" + i).route();
        assertThat(route.outcome()).isEqualTo(Outcome.NO_BACKEND);
        assertThat(route.reason()).isEqualTo(Reason.BACKEND_FULL);
      }
    }
    assertThat(router.lease("g/7").route().outcome()).isEqualTo(Outcome.NEW);
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

  @Test
  void tableOfUnknownCapacity_needsANumber() {
    StickyTable table = new ForwardingTable(Routing.table(10));
    KeyAffinity.Builder<String> builder =
        KeyAffinity.<String>builder(Routing.TEXT).table(session -> table);
    builder.quota(Quota.ofLive(10), QuotaScene.GROUP).build();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> builder.quota(Quota.ofLiveShare(0.5), QuotaScene.GROUP).build())
        .withMessage("liveShare: 0.5 (expected: ofLive, with a table whose capacity is not known)");
  }

  @Test
  void shareOfACache_isOfItsCapacity() {
    StickyTable cache = CaffeineStickyTable.of(StickySession.custom(), 8, () -> 0);
    KeyAffinity<String> affinity = KeyAffinity.<String>builder(Routing.TEXT)
        .table(session -> cache)
        .quota(Quota.ofLiveShare(0.25), QuotaScene.GROUP)
        .build();
    StickyRouter<String> router = StickyRouter.of(Routing.pool("a", "b"), affinity);
    assertThat(List.of("g/1", "g/2", "g/3", "h/1"))
        .extracting(request -> router.route(request).outcome())
        .containsExactly(Outcome.NEW, Outcome.NEW, Outcome.HASHED, Outcome.NEW);
  }

  @Test
  void limits_areAcceptedUpToTheEndsOfTheirRanges() {
    assertThat(List.of(
            Quota.ofLiveShare(1),
            Quota.ofLive(1),
            Quota.ofLive(Integer.MAX_VALUE),
            Quota.ofNewPerSecond(1),
            Quota.ofNewPerSecond(1_000_000)))
        .doesNotContainNull();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
  void liveShare_isRefusedOutOfRange(double share) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quota.ofLiveShare(share))
        .withMessage("liveShare: " + share + " (expected: > 0, <= 1)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void numbers_areRefusedOutOfRange(int number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quota.ofLive(number))
        .withMessage("live: " + number + " (expected: 1..2147483647)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quota.standard().andNewPerSecond(number))
        .withMessage("newPerSecond: " + number + " (expected: 1..1000000)");
    assertThatIllegalArgumentException().isThrownBy(() -> Quota.ofNewPerSecond(1_000_001));
  }

  @Test
  void toString_showsTheLimits() {
    assertThat(Quota.ofLiveShare(0.1).andNewPerSecond(1_000))
        .hasToString("Quota[0.1 of the capacity, 1000 new per second]");
    assertThat(Quota.ofLive(5)).hasToString("Quota[5 live]");
    assertThat(Quota.ofNewPerSecond(7)).hasToString("Quota[7 new per second]");
  }
}
