package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.core.ForwardingTable;
import dev.limpet.core.Outcome;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a quota may be. */
class QuotaSettingsTest {
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
  void tableOfUnknownCapacity_needsANumber() {
    StickyTable table = new ForwardingTable(Routing.table(10)) {
      @Override
      public long capacity() {
        return 0;
      }
    };
    KeyAffinity.Builder<String> builder =
        KeyAffinity.<String>builder(Routing.TEXT).table((session, environment) -> table);
    builder.quota(Quota.ofLive(10), QuotaScene.GROUP).build();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> builder.quota(Quota.ofLiveShare(0.5), QuotaScene.GROUP).build())
        .withMessage("liveShare: 0.5 (expected: ofLive, as the capacity of the table is unknown)");
  }

  @Test
  void shareOfACache_isOfItsCapacity() {
    StickyTable cache = CaffeineStickyTable.of(StickySession.custom(), 8, () -> 0);
    KeyAffinity<String> affinity = KeyAffinity.<String>builder(Routing.TEXT)
        .table((session, environment) -> cache)
        .quota(Quota.ofLiveShare(0.25), QuotaScene.GROUP)
        .build();
    StickyRouter<String> router = StickyRouter.of(Routing.pool("a", "b"), affinity);
    assertThat(List.of("g/1", "g/2", "g/3", "h/1"))
        .extracting(request -> router.route(request).outcome())
        .containsExactly(Outcome.NEW, Outcome.NEW, Outcome.HASHED, Outcome.NEW);
  }

  @Test
  void shareOfATableOfAnEmbedder_isOfWhatItSaysItsCapacityIs() {
    OwnTable own = new OwnTable(Routing.table(100));
    own.capacity = 40;
    StickyRouter<String> router =
        StickyRouter.of(Routing.pool("a", "b"), QuotaScene.affinity(Quota.ofLiveShare(0.05), own));
    assertThat(List.of("g/1", "g/2", "g/3", "h/1"))
        .extracting(request -> router.route(request).outcome())
        .containsExactly(Outcome.NEW, Outcome.NEW, Outcome.HASHED, Outcome.NEW);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, 1L << 40, Long.MAX_VALUE})
  void shareOfAVeryLargeTable_limitsNoSmallGroup(long capacity) {
    OwnTable own = new OwnTable(Routing.table(100));
    own.capacity = capacity;
    StickyRouter<String> router =
        StickyRouter.of(Routing.pool("a", "b"), QuotaScene.affinity(Quota.ofLiveShare(1), own));
    assertThat(List.of("g/1", "g/2", "g/3"))
        .allMatch(request -> router.route(request).outcome() == Outcome.NEW);
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
