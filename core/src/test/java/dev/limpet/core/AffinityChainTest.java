package dev.limpet.core;

import static dev.limpet.core.ModelAffinity.Kind.BINDS;
import static dev.limpet.core.ModelAffinity.Kind.BINDS_WITHOUT_KEY;
import static dev.limpet.core.ModelAffinity.Kind.FULL;
import static dev.limpet.core.ModelAffinity.Kind.NOT_KEPT;
import static dev.limpet.core.ModelAffinity.Kind.NOT_KEPT_WITHOUT_KEY;
import static dev.limpet.core.ModelAffinity.Kind.UNAVAILABLE;
import static dev.limpet.core.ModelAffinity.chain;
import static dev.limpet.core.ModelAffinity.parts;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.rendezvous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.ModelAffinity.Kind;
import dev.limpet.core.ModelAffinity.Request;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several affinities of one router. */
class AffinityChainTest {
  private static final Request BOTH = new Request("x", "x");
  private static final Request SECOND_ONLY = new Request(null, "x");

  private final Pool pool = pool("a", "b", "c", "d", "e");

  /** A router that takes two or three turns for each request misses some of these. */
  private final Pool six = pool("a", "b", "c", "d", "e", "f");

  @Test
  void aSession_isRecalledByTheFirstThatKnowsIt() {
    ModelAffinity[] parts = parts(BINDS, BINDS, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));
    parts[1].bound.put(Routing.key("x1"), "b");
    parts[2].bound.put(Routing.key("x2"), "c");

    Route route = router.route(Request.everywhere("x"));

    assertThat(route).hasToString("KEPT b");
    assertThat(route.affinity()).isEqualTo(1);
    assertThat(parts[0].recalls).isEqualTo(1);
    assertThat(parts[2].recalls).as("the session of a later one is not used").isZero();
    assertThat(parts[0].bound).as("it is not bound elsewhere too").isEmpty();
  }

  @Test
  void aSessionWhoseBackendIsGone_movesWhereItIsKnown() {
    ModelAffinity[] parts = parts(BINDS, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));
    parts[0].bound.put(Routing.key("x0"), "gone");
    parts[1].bound.put(Routing.key("x1"), "b");

    Route route = router.route(BOTH);

    assertThat(route.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(route.affinity()).isZero();
    assertThat(parts[0].bound).containsValue(id(route));
    assertThat(parts[1].bound).containsValue("b");
  }

  @Test
  void aNewSession_isBoundByTheFirstThatFindsOne() {
    ModelAffinity[] parts = parts(BINDS, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));

    Route both = router.route(BOTH);
    assertThat(parts[0].recalls).as("one use").isEqualTo(1);
    Route second = router.route(new Request(null, "y"));

    assertThat(both.outcome()).isEqualTo(Outcome.NEW);
    assertThat(both.affinity()).isZero();
    assertThat(second.outcome()).isEqualTo(Outcome.NEW);
    assertThat(second.affinity()).isEqualTo(1);
    assertThat(parts[1].bound).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "NOT_KEPT", "UNAVAILABLE", "OVER_QUOTA"})
  void aSessionThatOneCannotBind_isBoundByTheNext(Kind refusing) {
    ModelAffinity[] parts = parts(refusing, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));

    Route route = router.route(BOTH);

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(route.affinity()).isEqualTo(1);
    Route kept = router.route(BOTH);
    assertThat(kept).isSameAs(pool.snapshot().member(id(route)).kept(1));
    assertThat(kept.affinity()).isEqualTo(1);
    assertEnded(parts);
  }

  @Test
  void whereNoneCanBind_theLastFallbackStands() {
    ModelAffinity[] parts = parts(FULL, UNAVAILABLE, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));

    Route route = router.route(BOTH);

    assertThat(route.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(route.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(route.affinity()).isEqualTo(1);
    assertThat(id(route)).isEqualTo(rendezvous(pool.snapshot(), Routing.key("x1")));
    assertThat(parts[2].binds).as("it finds no session").isZero();
    assertEnded(parts);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLaterAffinityWithoutAKey_choosesByTheKeyOfAnEarlierOne(boolean oneBetween) {
    Kind[] kinds = oneBetween
        ? new Kind[] {FULL, NOT_KEPT_WITHOUT_KEY, BINDS_WITHOUT_KEY}
        : new Kind[] {FULL, BINDS_WITHOUT_KEY};
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts(kinds)));
    for (String session : Routing.requests(50)) {
      Request request = Request.everywhere(session);
      String choice = rendezvous(pool.snapshot(), Routing.key(session + 0));

      Route route = router.route(request);

      assertThat(route.outcome()).isEqualTo(Outcome.NEW);
      assertThat(route.affinity()).isEqualTo(kinds.length - 1);
      assertThat(id(route)).isEqualTo(choice);
      Route next = router.reroute(request, route);
      assertThat(next.affinity()).isEqualTo(kinds.length - 1);
      assertThat(id(next)).isEqualTo(rendezvous(pool.snapshot(), Routing.key(session + 0), choice));
    }
  }

  @Test
  void aRequestWithoutAnyKey_isUnboundAndTakesOneTurn() {
    StickyRouter<Request> router = StickyRouter.of(six, chain(parts(BINDS, BINDS, BINDS)));
    Set<String> turns = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      Route route = router.route(new Request());
      assertThat(route).hasToString("UNBOUND " + id(route) + " (NO_KEY)");
      assertThat(route.affinity()).isZero();
      turns.add(id(route));
    }
    assertThat(turns).as("one turn each").hasSize(6);
  }

  @Test
  void aSessionOfALaterAffinity_takesOneTurn() {
    StickyRouter<Request> router = StickyRouter.of(six, chain(parts(BINDS, BINDS)));
    Set<String> turns = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      turns.add(id(router.route(new Request(null, "session-" + i))));
    }
    assertThat(turns).hasSize(6);
  }

  @ParameterizedTest
  @EnumSource(Failover.class)
  void affinity_isItsPositionOnEveryOutcomeAndAfterReroutes(Failover failover) {
    ModelAffinity[] parts = parts(BINDS, BINDS);
    StickyRouter<Request> router =
        StickyRouter.<Request>builder(pool, chain(parts)).failover(failover).build();
    Route route = router.route(SECOND_ONLY);
    String home = id(route);
    assertThat(router.route(SECOND_ONLY).affinity()).isEqualTo(1);
    pool.change(edit -> edit.down(home));

    Route displaced = router.route(SECOND_ONLY);
    assertThat(displaced.outcome())
        .isEqualTo(
            switch (failover) {
              case MOVE -> Outcome.MOVED;
              case LEND -> Outcome.LENT;
              case STRICT -> Outcome.REFUSED;
            });
    assertThat(displaced.affinity()).isEqualTo(1);

    pool.change(edit -> edit.up(home));
    Route again = router.route(SECOND_ONLY);
    int tries = 0;
    while (again.backend() != null) {
      again = router.reroute(SECOND_ONLY, again);
      assertThat(again.affinity()).isEqualTo(1);
      tries++;
    }
    assertThat(tries).isEqualTo(failover == Failover.STRICT ? 1 : 5);
    assertThat(parts[0].bound).isEmpty();
    assertThat(parts[0].binds).isZero();
  }

  @Test
  void aRollback_isDoneByTheAffinityThatBound() {
    ModelAffinity[] parts = parts(FULL, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));
    Route route = router.route(BOTH);
    assertThat(parts[1].bound).hasSize(1);
    while (route.backend() != null) {
      route = router.reroute(BOTH, route);
    }
    assertThat(route.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(parts[1].bound).isEmpty();
    assertEnded(parts);
  }

  @Test
  void peek_saysWhatTheFirstKnowsAndUsesNothing() {
    ModelAffinity[] parts = parts(BINDS, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));
    assertThat(router.peek(new Request())).hasToString("none: NO_KEY");
    assertThat(router.peek(SECOND_ONLY)).hasToString("none: UNKNOWN");
    parts[1].bound.put(Routing.key("x1"), "b");
    assertThat(router.peek(BOTH)).hasToString("b");
    parts[0].bound.put(Routing.key("x0"), "a");
    assertThat(router.peek(BOTH)).hasToString("a");
    assertThat(parts[0].recalls + parts[1].recalls).isZero();
  }

  @Test
  void unbind_forgetsTheSessionsOfAll() {
    ModelAffinity[] parts = parts(BINDS, BINDS, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));
    parts[1].bound.put(Routing.key("x1"), "b");
    parts[2].bound.put(Routing.key("x2"), "c");

    assertThat(router.unbind(Request.everywhere("x"))).isTrue();
    assertThat(router.unbind(Request.everywhere("x"))).isFalse();

    assertThat(parts[1].bound).isEmpty();
    assertThat(parts[2].bound).isEmpty();
  }

  @Test
  void aDrain_lastsUntilNothingRemainsOfAny() {
    ModelAffinity[] parts = parts(BINDS, BINDS);
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts));
    parts[0].remaining = Remaining.of(2, Duration.ofMinutes(1));
    parts[1].remaining = Remaining.of(3, Duration.ofMinutes(9));
    assertThat(chain(parts).remaining("a")).isEqualTo(Remaining.of(5, Duration.ofMinutes(9)));

    var drained = router.drain("a", Duration.ofDays(1)).toCompletableFuture();
    parts[0].remaining = Remaining.NOTHING;
    router.advanceDrains();
    assertThat(drained).isNotDone();
    parts[1].remaining = Remaining.NOTHING;
    router.advanceDrains();
    assertThat(drained.join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void chainsOfChains_areFlatAndInOrder() {
    ModelAffinity[] parts = parts(BINDS, FULL, NOT_KEPT, UNAVAILABLE);
    Affinity<Request> chain = parts[0].orElse(parts[1]).orElse(parts[2].orElse(parts[3]));

    assertThat(chain.parts()).isEqualTo(List.of(parts));
    assertThat(chain).hasToString("[BINDS@0, FULL@1, NOT_KEPT@2, UNAVAILABLE@3]");
    assertThat(parts[0].parts()).containsExactly(parts[0]);
  }

  @Test
  void moreThanEight_areRefused() {
    Affinity<Request> eight = chain(parts(BINDS, BINDS, BINDS, BINDS, BINDS, BINDS, BINDS, BINDS));
    assertThat(eight.parts()).hasSize(8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> eight.orElse(new ModelAffinity(8, BINDS)))
        .withMessage("affinities: 9 (expected: 1..8)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> eight.orElse(eight))
        .withMessage("affinities: 16 (expected: 1..8)");
    assertThatNullPointerException().isThrownBy(() -> eight.orElse(null)).withMessage("next");
  }

  @Test
  void allEight_keepTheirSessions() {
    Kind[] kinds = {BINDS, BINDS, BINDS, BINDS, BINDS, BINDS, BINDS, BINDS};
    StickyRouter<Request> router = StickyRouter.of(pool, chain(parts(kinds)));
    for (int position = 0; position < kinds.length; position++) {
      String[] sessions = new String[kinds.length];
      sessions[position] = "x";
      Request request = new Request(sessions);
      Route route = router.route(request);
      Route kept = router.route(request);
      assertThat(kept).hasToString("KEPT " + id(route));
      assertThat(kept).isSameAs(router.route(request));
      assertThat(kept.affinity()).isEqualTo(position);
      assertThat(kept.seenBy(position)).isSameAs(kept);
      Route other = kept.seenBy((position + 1) % kinds.length);
      assertThat(other).hasToString("UNBOUND " + id(route) + " (NO_KEY)");
    }
  }

  @Test
  void aChainAskedItself_recallsAndBindsNothing() {
    ModelAffinity[] parts = parts(BINDS, BINDS);
    Affinity<Request> chain = chain(parts);
    parts[1].bound.put(Routing.key("x1"), "b");

    assertThat(chain.recall(BOTH, pool.snapshot())).hasToString("b");
    assertThat(chain.peek(BOTH, pool.snapshot())).hasToString("b");
    assertThat(chain.peek(new Request("y", "y"), pool.snapshot())).hasToString("none: UNKNOWN");
    assertThat(chain.key(BOTH)).isEqualTo(Routing.key("x0"));
    assertThat(chain.key(SECOND_ONLY)).isEqualTo(Routing.key("x1"));
    assertThat(chain.key(new Request())).isEqualTo(KeyExtractor.NONE);
    assertThat(chain.bind(1, null, "a", true)).isEqualTo(Bound.NOT_KEPT);
    assertThat(chain.unbind(Routing.key("x1"), "b")).isFalse();
    assertThat(chain.table()).isNull();
    assertThat(chain.learns()).isFalse();
  }

  private static void assertEnded(ModelAffinity... parts) {
    for (ModelAffinity part : parts) {
      assertThat(part.ended).as(part.toString()).isEqualTo(part.admitted);
    }
  }
}
