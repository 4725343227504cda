package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds however calls, answers, pauses and uses meet. */
class UntoldSessionsProperties {
  private static final int SESSIONS = 60;
  private static final int STEPS = 300;

  @Property(tries = 300)
  void whenTheStoreAnswersAgain_allSessionsAreFoundByOthers_withoutAUse(@ForAll long seed) {
    Random random = new Random(seed);
    Fleet fleet = new Fleet(2, "a", "b", "c");
    Fleet.Proxy left = fleet.proxy(0);
    Fleet.Proxy right = fleet.proxy(1);
    right.pool.change(edit -> edit.add(Backend.of("z", "10.0.0.9", 9).withWeight(256)));
    left.link.delay(() -> Duration.ofNanos(random.nextInt(15_000_000)));
    Map<Long, Set<String>> served = new HashMap<>();

    for (int step = 0; step < STEPS; step++) {
      long session = random.nextInt(SESSIONS);
      switch (random.nextInt(12)) {
        case 0 -> left.link.cut();
        case 1 -> left.link.healSilently();
        case 2 -> left.link.heal();
        case 3 -> left.link.lose(() -> random.nextInt(4) == 0);
        case 4 -> fleet.time.pass(Duration.ofMillis(random.nextInt(500)));
        case 5 -> {
          if (left.table.bind(1_000 + session, null, "a", true).name() != null) {
            served.computeIfAbsent(-1 - session, s -> new HashSet<>()).add("a");
          }
        }
        default ->
          left.router.routeAsync(session).thenAccept(route -> note(served, session, route));
      }
      fleet.time.pass(Duration.ofMillis(random.nextInt(10)));
    }
    left.link.lose(() -> false);
    left.link.healSilently();
    left.link.delay(() -> Duration.ofMillis(1));
    fleet.time.pass(Duration.ofMinutes(1));

    served.forEach((session, backends) -> {
      SharedBinding stored = fleet.store.get((session < 0) ? 999 - session : Fleet.key(session));
      assertThat(stored).as("session %d", session).isNotNull();
      assertThat(backends).contains(stored.name());
    });
    served.keySet().stream()
        .filter(session -> session >= 0)
        .forEach(session -> assertThat(served.get(session)).contains(right.backend(session)));
    assertThat(left.link.untold()).isZero();
  }

  private static void note(Map<Long, Set<String>> served, long session, Route route) {
    served.computeIfAbsent(session, s -> new HashSet<>()).add(route.backend().id());
  }
}
