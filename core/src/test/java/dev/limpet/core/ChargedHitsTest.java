package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests of bound sessions that cost their backend a turn. */
class ChargedHitsTest {
  @Test
  void aHitCostsItsBackendTheNextTurn_butNotTwo() {
    Pool pool =
        Routing.pool(WeightedRoundRobin.chargingHits(), backend("a"), backend("b"), backend("c"));
    StickyRouter<String> router = Routing.router(pool);
    String bound = id(router.route("x"));
    List<String> round = List.of(id(router.route("y")), id(router.route("z")));
    for (int hits = 0; hits < 10; hits++) {
      assertThat(router.route("x").toString()).isEqualTo("KEPT " + bound);
    }
    List<String> next =
        Routing.requests(8).stream().map(r -> id(router.route(r))).toList();
    assertThat(next.subList(0, 2)).isEqualTo(round);
    assertThat(next.subList(2, 5)).containsExactly(bound, round.get(0), round.get(1));
    assertThat(next.subList(5, 8)).containsExactly(bound, round.get(0), round.get(1));
  }

  @Test
  void whereAllOweATurn_somebodyIsPicked() {
    Pool pool = Routing.pool(WeightedRoundRobin.chargingHits(), backend("a"), backend("b"));
    StickyRouter<String> router = Routing.router(pool);
    router.route("x");
    router.route("y");
    router.route("x");
    router.route("y");
    assertThat(router.route("z").backend()).isNotNull();
  }
}
