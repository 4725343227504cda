package dev.limpet.core;

import static dev.limpet.core.Picker.Purpose.NEW_SESSION;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightedLeastConnectionsTest {
  private static final Balancer LEAST = new WeightedLeastConnections();

  @Test
  void newSessions_goToTheBackendWithTheFewestForItsWeight() {
    Pool pool = counting(LEAST, backend("a", 5), backend("b", 3), backend("c", 2));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    List<Route> held = routes(router, 1_000);
    assertThat(connections(pool)).containsExactly(500, 300, 200);
    held.stream().filter(route -> id(route).equals("b")).forEach(Route::close);
    List<Route> more = routes(router, 200);
    assertThat(more).allMatch(route -> id(route).equals("b"));
    held.forEach(Route::close);
    more.forEach(Route::close);
    assertThat(connections(pool)).containsExactly(0, 0, 0);
  }

  @Test
  void backendsThatAreAlike_arePickedAlike() {
    Pool pool = counting(LEAST, backend("a"), backend("b"), backend("c"));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      try (Route route = router.route("x")) {
        shares.merge(id(route), 1, Integer::sum);
      }
    }
    int fiveSigma = (int) (5 * Math.sqrt(30_000 * (1.0 / 3) * (2.0 / 3)));
    assertThat(shares.values()).hasSize(3).allMatch(share -> Math.abs(share - 10_000) <= fiveSigma);
  }

  @Test
  void connections_countWhereOneBackendIsFull() {
    Pool pool = counting(LEAST, limited("a", 5), backend("b"), backend("c"));
    List<Route> held = routes(StickyRouter.of(pool, Affinity.none()), 1_005);

    assertThat(connections(pool)).containsExactly(5, 500, 500);
    held.forEach(Route::close);
  }

  @Test
  void picks_seeALimitThatChanges() {
    Pool pool = counting(LEAST, backend("a"), backend("b", 256), backend("c"));
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    pool.change(edit -> edit.replace(backend("b", 256).withMaxConnections(1)));
    Route held = router.route("x");
    assertThat(connections(pool)).containsExactly(0, 1, 0);
    pool.snapshot().member("a").acquire();

    for (long key = 1; key <= 50; key++) {
      assertThat(pool.snapshot().pick(key, NEW_SESSION).name()).isEqualTo("c");
    }
    held.close();
  }

  @Test
  void backendsThatAreAlike_arePickedAlike_whereverBusyOnesStand() {
    Pool pool = counting(LEAST, backend("a"), backend("b"), backend("c"), backend("d"));
    pool.snapshot().member("b").acquire();
    pool.snapshot().member("c").acquire();
    int ofA = 0;
    for (int i = 0; i < 30_000; i++) {
      ofA += pool.snapshot().pick(KeyExtractor.NONE, NEW_SESSION).name().equals("a") ? 1 : 0;
    }

    assertThat(ofA).isCloseTo(15_000, within((int) (5 * Math.sqrt(30_000 * 0.25))));
  }

  private static List<Route> routes(StickyRouter<String> router, int count) {
    return IntStream.range(0, count).mapToObj(i -> router.route("x")).toList();
  }

  private static List<Integer> connections(Pool pool) {
    return pool.snapshot().members().stream()
        .map(member -> member.load().connections())
        .toList();
  }
}
