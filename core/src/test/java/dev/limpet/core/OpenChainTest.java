package dev.limpet.core;

import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.OpenSessions.SLIDING;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.ModelAffinity.Request;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import dev.limpet.core.table.TableKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Open routes of a chain of affinities. */
class OpenChainTest {
  private static final Request BOTH = new Request("x", "x");
  private static final Request FIRST = new Request("x", null);
  private static final Request SECOND = new Request(null, "x");

  private final ManualClock clock = new ManualClock(0);
  private final Environment environment = Routing.ENVIRONMENT.withClock(clock);
  private final List<StickyTable> tables = new ArrayList<>();
  private final Pool pool = Pool.builder("pool")
      .backends(List.of(backend("a"), backend("b"), backend("c")))
      .environment(environment)
      .countConnections()
      .build();

  private final StickyRouter<Request> router =
      StickyRouter.of(pool, affinity(0).orElse(affinity(1)));

  @Test
  void aHeldRoute_tellsItsPosition() {
    for (Request request : List.of(FIRST, SECOND)) {
      router.route(request).close();
      try (Route kept = router.route(request)) {
        assertThat(kept.outcome()).isEqualTo(Outcome.KEPT);
        assertThat(kept.affinity()).isEqualTo(request == FIRST ? 0 : 1);
        assertThat(kept.seenBy(kept.affinity())).isSameAs(kept);
        Route other = kept.seenBy(1 - kept.affinity());
        assertThat(other).hasToString("UNBOUND " + id(kept) + " (NO_KEY)");
        other.close();
        assertThat(pool.heldRoutes().size()).isEqualTo(1);
      }
    }
    assertThat(pool.heldRoutes().size()).isZero();
  }

  @Test
  void anOpenRouteOfTheFirst_comesBeforeABindingOfTheSecond() {
    Route open = router.route(FIRST);
    clock.advance(LONG);
    pool.change(edit -> edit.drain(id(open)));
    Route second = router.route(SECOND);
    assertThat(id(second)).isNotEqualTo(id(open));

    try (Route route = router.route(BOTH)) {
      assertThat(route).hasToString("KEPT " + id(open));
      assertThat(route.affinity()).isZero();
    }
    open.close();
    clock.advance(LONG);
    try (Route route = router.route(BOTH)) {
      assertThat(route).as("by the second alone").hasToString("KEPT " + id(second));
      assertThat(route.affinity()).isEqualTo(1);
    }
    second.close();
  }

  @Test
  void aRequestOfTheFirst_doesNotUseTheSessionOfTheSecond() {
    router.route(SECOND).close();
    Route first = router.route(FIRST);
    clock.advance(OpenSessions.T.minusNanos(1));
    router.route(BOTH).close();
    clock.advance(OpenSessions.T.dividedBy(2));

    assertThat(router.peek(SECOND)).hasToString("none: UNKNOWN");
    assertThat(router.peek(BOTH)).hasToString(id(first));
    first.close();
  }

  @Test
  void unbind_letsTheRoutesOfAllGo() {
    Route first = router.route(FIRST);
    Route second = router.route(SECOND);
    clock.advance(LONG);

    assertThat(router.unbind(BOTH)).isTrue();
    assertThat(router.unbind(BOTH)).isFalse();

    assertThat(router.peek(BOTH)).hasToString("none: UNKNOWN");
    first.close();
    second.close();
    assertThat(router.peek(BOTH)).hasToString("none: UNKNOWN");
  }

  @Test
  void renewOpenSessions_renewsThoseOfAll() {
    Route first = router.route(FIRST);
    Route second = router.route(SECOND);
    clock.advance(LONG);

    router.renewOpenSessions();

    assertThat(tables.get(0).peek(key(0))).isEqualTo(id(first));
    assertThat(tables.get(1).peek(key(1))).isEqualTo(id(second));
    first.close();
    second.close();
  }

  private static long key(int position) {
    return Routing.key("x" + position);
  }

  private KeyAffinity<Request> affinity(int position) {
    StickyTable table = TableKind.COMPACT.of(SLIDING, 100, clock);
    tables.add(table);
    KeyExtractor<Request> extractor = (request, hasher) -> {
      String session = request.session(position);
      return (session == null) ? KeyExtractor.NONE : hasher.string(session + position);
    };
    return KeyAffinity.<Request>builder(extractor)
        .environment(environment)
        .session(SLIDING)
        .table((declared, unused) -> table)
        .build();
  }
}
