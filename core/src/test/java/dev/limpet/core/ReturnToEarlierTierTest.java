package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that began in a later tier, once an earlier one serves again. */
class ReturnToEarlierTierTest {
  private final Pool pool = pool(backend("a"), backend("backup").withTier(1));

  private static Pool pool(Backend... backends) {
    return Routing.counting(backends);
  }

  private static StickyRouter<String> returning(Pool pool) {
    return returning(pool, Failover.MOVE);
  }

  private static StickyRouter<String> returning(Pool pool, Failover failover) {
    return StickyRouter.<String>builder(pool, Routing.affinity(Routing.table(100)))
        .failover(failover)
        .returnToEarlierTier(true)
        .build();
  }

  /** A session that was bound while only the backup served. */
  private static void begin(StickyRouter<String> router, String session) {
    router.pool().change(edit -> edit.down("a"));
    try (Route route = router.route(session)) {
      assertThat(id(route)).isEqualTo("backup");
    }
  }

  @ParameterizedTest
  @EnumSource(Failover.class)
  void aSessionReturnsAtItsNextUse(Failover failover) {
    StickyRouter<String> router = returning(pool, failover);
    begin(router, "x");
    assertThat(returned(router, "x")).isEqualTo("KEPT backup");
    pool.change(edit -> edit.up("a"));

    assertThat(returned(router, "x")).isEqualTo("MOVED a (EARLIER_TIER)");

    assertThat(returned(router, "x")).isEqualTo("KEPT a");
    assertThat(router.stats().count(Outcome.MOVED, Reason.EARLIER_TIER)).isEqualTo(1);
  }

  private static String returned(StickyRouter<String> router, String session) {
    try (Route route = router.route(session)) {
      return route.toString();
    }
  }

  @Test
  void byDefaultASessionStays() {
    StickyRouter<String> router = Routing.router(pool);
    begin(router, "x");
    pool.change(edit -> edit.up("a"));

    assertThat(returned(router, "x")).isEqualTo("KEPT backup");
  }

  @Test
  void aSessionWithAnOpenRouteStays_untilThatIsClosed() {
    StickyRouter<String> router = returning(pool);
    begin(router, "x");
    Route open = router.route("x");
    pool.change(edit -> edit.up("a"));

    assertThat(returned(router, "x")).isEqualTo("KEPT backup");
    open.close();

    assertThat(returned(router, "x")).isEqualTo("MOVED a (EARLIER_TIER)");
  }

  @ParameterizedTest
  @EnumSource(StickySession.Mode.class)
  void openRoutesAreKnownInEveryMode(StickySession.Mode mode) {
    KeyAffinity<String> affinity = KeyAffinity.builder(Routing.TEXT)
        .session(StickySession.custom().withDuration(Duration.ofHours(1)).withMode(mode))
        .build();
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, affinity).returnToEarlierTier(true).build();
    begin(router, "x");
    Route open = router.route("x");
    pool.change(edit -> edit.up("a"));
    assertThat(returned(router, "x")).isEqualTo("KEPT backup");

    open.close();

    assertThat(returned(router, "x")).isEqualTo("MOVED a (EARLIER_TIER)");
  }

  @Test
  void inAPoolThatDoesNotCount_aSessionReturnsAtOnce() {
    Pool plain = Pool.of("pool", backend("a"), backend("backup").withTier(1));
    StickyRouter<String> router = returning(plain);
    begin(router, "x");
    plain.change(edit -> edit.up("a"));

    assertThat(returned(router, "x")).isEqualTo("MOVED a (EARLIER_TIER)");
  }

  @Test
  void aFullEarlierTier_takesNobodyBack() {
    Pool limited = pool(limited("a", 1), backend("backup").withTier(1));
    StickyRouter<String> router = returning(limited);
    begin(router, "x");
    limited.change(edit -> edit.up("a"));
    Route other = router.route("other");
    assertThat(id(other)).isEqualTo("a");
    assertThat(returned(router, "x")).isEqualTo("KEPT backup");

    other.close();

    assertThat(returned(router, "x")).isEqualTo("MOVED a (EARLIER_TIER)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drain", "weight"})
  void anEarlierTierThatTakesNoNewSessions_takesNobodyBack(String state) {
    StickyRouter<String> router = returning(pool);
    begin(router, "x");
    pool.change(edit -> {
      edit.up("a");
      PoolEdit unused = state.equals("drain") ? edit.drain("a") : edit.weight("a", 0);
    });

    assertThat(returned(router, "x")).isEqualTo("KEPT backup");
  }

  @Test
  void sessionsOfTheSameTier_stay() {
    Pool two = pool(backend("a"), backend("b"), backend("backup").withTier(1));
    StickyRouter<String> router = returning(two);
    List<String> before = List.of(id(router.route("x")), id(router.route("y")));

    assertThat(List.of(id(router.route("x")), id(router.route("y")))).isEqualTo(before);
    assertThat(router.stats().count(Outcome.MOVED)).isZero();
  }

  @Test
  void ifTheEarlierTierCannotBeReached_theSessionStaysBound() {
    StickyRouter<String> router = returning(pool);
    begin(router, "x");
    pool.change(edit -> edit.up("a"));
    Route moved = router.route("x");

    Route again = router.reroute("x", moved);

    assertThat(id(again)).isEqualTo("backup");
    assertThat(router.peek("x")).hasToString("backup");
  }

  @Test
  void asynchronously_itIsTheSame() {
    StickyRouter<String> router = returning(pool);
    begin(router, "x");
    pool.change(edit -> edit.up("a"));

    Route route = router.routeAsync("x").toCompletableFuture().join();

    assertThat(route).hasToString("MOVED a (EARLIER_TIER)");
  }
}
