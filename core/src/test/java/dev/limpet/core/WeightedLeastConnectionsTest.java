package dev.limpet.core;

import static dev.limpet.core.Picker.Purpose.NEW_SESSION;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightedLeastConnectionsTest {
  @Test
  void newSessions_goToTheBackendWithTheFewestForItsWeight() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a", 5), backend("b", 3), backend("c", 2)));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    List<Lease> held = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      held.add(router.lease("x"));
    }
    assertThat(pool.snapshot().members())
        .extracting(member -> member.load().connections())
        .containsExactly(500, 300, 200);
    held.stream().filter(lease -> id(lease.route()).equals("b")).forEach(Lease::close);
    for (int i = 0; i < 200; i++) {
      assertThat(id(router.lease("x").route())).isEqualTo("b");
    }
  }

  @Test
  void backendsThatAreAlike_arePickedAlike() {
    Pool pool = Pool.of(
        "pool", new WeightedLeastConnections(), List.of(backend("a"), backend("b"), backend("c")));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      try (Lease lease = router.lease("x")) {
        shares.merge(id(lease.route()), 1, Integer::sum);
      }
    }
    int fiveSigma = (int) (5 * Math.sqrt(30_000 * (1.0 / 3) * (2.0 / 3)));
    assertThat(shares.values()).hasSize(3).allMatch(share -> Math.abs(share - 10_000) <= fiveSigma);
  }

  @Test
  void connections_countWhereOneBackendIsFull() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a").withMaxConnections(5), backend("b"), backend("c")));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    for (int i = 0; i < 1_005; i++) {
      router.lease("x");
    }

    assertThat(pool.snapshot().members())
        .extracting(member -> member.load().connections())
        .containsExactly(5, 500, 500);
  }

  @Test
  void picks_seeALimitThatChanges() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a"), backend("b", 256), backend("c")));
    StickyRouter<String> router =
        StickyRouter.<String>builder(pool, Affinity.none()).leasing().build();
    pool.change(edit -> edit.replace(backend("b", 256).withMaxConnections(1)));
    router.lease("x");
    assertThat(pool.snapshot().member("b").load().connections()).isEqualTo(1);
    pool.snapshot().member("a").acquire();

    for (long key = 1; key <= 50; key++) {
      assertThat(pool.snapshot().pick(key, NEW_SESSION).name()).isEqualTo("c");
    }
  }

  @Test
  void backendsThatAreAlike_arePickedAlike_whereverBusyOnesStand() {
    Pool pool = Pool.of(
        "pool",
        new WeightedLeastConnections(),
        List.of(backend("a"), backend("b"), backend("c"), backend("d")));
    pool.snapshot().member("b").acquire();
    pool.snapshot().member("c").acquire();
    int ofA = 0;
    for (int i = 0; i < 30_000; i++) {
      ofA += pool.snapshot().pick(KeyExtractor.NONE, NEW_SESSION).name().equals("a") ? 1 : 0;
    }

    assertThat(ofA).isCloseTo(15_000, within((int) (5 * Math.sqrt(30_000 * 0.25))));
  }
}
