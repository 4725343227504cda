package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that serve new sessions where no others can. */
class TierTest {
  @Test
  void aLaterTierServesOnlyWhenNoEarlierOneCan() {
    Pool pool = Pool.of(
        "pool",
        backend("backup").withTier(1),
        backend("a"),
        backend("last").withTier(7),
        backend("b"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("a", 50, "b", 50));
    pool.change(edit -> edit.down("a"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("b", 100));
    pool.change(edit -> edit.drain("b"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("backup", 100));
    pool.change(edit -> edit.weight("backup", 0));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("last", 100));
    pool.change(edit -> edit.up("a"));
    assertThat(shares(pool, 100)).isEqualTo(Map.of("a", 100));
  }

  @Test
  void aSessionStaysInALaterTierWhenTheFirstIsBack() {
    Pool pool = Pool.of("pool", backend("a"), backend("backup").withTier(1));
    StickyRouter<String> router = Routing.router(pool);
    pool.change(edit -> edit.down("a"));
    assertThat(id(router.route("x"))).isEqualTo("backup");
    pool.change(edit -> edit.up("a"));
    assertThat(router.route("x").toString()).isEqualTo("KEPT backup");
    assertThat(id(router.route("y"))).isEqualTo("a");
  }

  @Test
  void aReroutedRequestComesToALaterTierAtLast() {
    Pool pool = Pool.of("pool", backend("a"), backend("backup").withTier(1), backend("b"));
    StickyRouter<String> router = Routing.router(pool);
    Route first = router.route("x");
    Route second = router.reroute("x", first);
    Route third = router.reroute("x", second);
    assertThat(List.of(id(first), id(second))).containsExactlyInAnyOrder("a", "b");
    assertThat(id(third)).isEqualTo("backup");
  }

  @Test
  void aFullTierSpillsIntoTheNext() {
    Pool pool = Routing.counting(Routing.limited("a", 1), backend("backup").withTier(1));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    try (Route first = router.route("x");
        Route second = router.route("x")) {
      assertThat(id(first)).isEqualTo("a");
      assertThat(id(second)).isEqualTo("backup");
    }
  }

  @Test
  void aChangeOfOneTierKeepsTheTurnsOfTheOthers() {
    Pool pool = Pool.of("pool", backend("a"), backend("b"), backend("backup").withTier(1));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    String last = id(router.route("x"));
    for (int i = 0; i < 20; i++) {
      pool.change(i % 2 == 0 ? edit -> edit.down("backup") : edit -> edit.up("backup"));
      String next = id(router.route("x"));
      assertThat(next).isNotEqualTo(last);
      last = next;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void aTierOutOfRangeIsRefused(int tier) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend("a").withTier(tier))
        .withMessage("tier: " + tier + " (expected: 0..255)");
  }
}
