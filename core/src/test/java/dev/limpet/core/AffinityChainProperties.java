package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.ModelAffinity.Kind;
import dev.limpet.core.ModelAffinity.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random chains and random histories. */
class AffinityChainProperties {
  private static final int CHANGES = 20;
  private static final int SESSIONS = 4;

  @Property
  void eachSession_isWhereTheModelSays(
      @ForAll @Size(min = 1, max = 5) List<Kind> kinds,
      @ForAll @Size(max = 40) List<@IntRange(max = 0xFFFF) Integer> history,
      @ForAll boolean counts) {
    ModelAffinity[] parts = ModelAffinity.parts(kinds.toArray(Kind[]::new));
    StickyRouter<Request> router = StickyRouter.of(pool(counts), ModelAffinity.chain(parts));
    Map<String, String> bound = new HashMap<>();

    for (int step : history) {
      Request request = request(step, parts.length);
      int known = -1;
      int first = -1;
      int last = -1;
      for (int i = parts.length - 1; i >= 0; i--) {
        String session = request.session(i);
        if (session != null) {
          known = bound.containsKey(session + i) ? i : known;
          first = parts[i].kind.binds() ? i : first;
          last = Math.max(last, i);
        }
      }
      try (Route route = router.route(request)) {
        if (known >= 0) {
          String home = bound.get(request.session(known) + known);
          assertThat(route).hasToString("KEPT " + home);
          assertThat(route.affinity()).isEqualTo(known);
        } else if (first >= 0) {
          assertThat(route.outcome()).isEqualTo(Outcome.NEW);
          assertThat(route.affinity()).isEqualTo(first);
          if (parts[first].kind.hasKey()) {
            bound.put(request.session(first) + first, Routing.id(route));
          }
        } else {
          assertThat(route.outcome()).isEqualTo(last < 0 ? Outcome.UNBOUND : Outcome.HASHED);
          assertThat(route.affinity()).isEqualTo(Math.max(last, 0));
        }
      }
    }
    assertEnded(parts);
    assertThat(router.pool().heldRoutes().size()).isZero();
  }

  @Property
  void routeAsync_answersAsRouteDoes(
      @ForAll @Size(min = 1, max = 5) List<Kind> kinds,
      @ForAll @Size(max = 60) List<@IntRange(max = 0xFFFF) Integer> history,
      @ForAll Failover failover,
      @ForAll boolean counts) {
    ModelAffinity[] parts = ModelAffinity.parts(kinds.toArray(Kind[]::new));
    ModelAffinity[] lateParts = ModelAffinity.parts(kinds.toArray(Kind[]::new));
    Queue<Runnable> late = ModelAffinity.answerLater(lateParts);
    StickyRouter<Request> router = router(pool(counts), failover, parts);
    StickyRouter<Request> async = router(pool(counts), failover, lateParts);

    for (int step : history) {
      if (step % 4 == 0) {
        change(router.pool(), step / 4 % CHANGES);
        change(async.pool(), step / 4 % CHANGES);
        continue;
      }
      Request request = request(step, parts.length);
      Route route = router.route(request);
      Route same = answered(async.routeAsync(request).toCompletableFuture(), late);
      for (int again = step % 3; again > 0 && route.backend() != null; again--) {
        assertSame(same, route);
        route = router.reroute(request, route);
        same = answered(async.rerouteAsync(request, same).toCompletableFuture(), late);
      }
      assertSame(same, route);
      route.close();
      same.close();
    }
    for (int i = 0; i < parts.length; i++) {
      assertThat(lateParts[i].bound).isEqualTo(parts[i].bound);
    }
    assertEnded(parts);
    assertEnded(lateParts);
    assertThat(router.pool().heldRoutes().size() + async.pool().heldRoutes().size())
        .isZero();
    assertThat(async.stats()).hasToString(router.stats().toString());
  }

  private static Route answered(CompletableFuture<Route> stage, Queue<Runnable> late) {
    ModelAffinity.answer(late);
    return stage.getNow(null);
  }

  /** Where nothing has a key, the choice is random. */
  private static void assertSame(Route async, Route route) {
    assertThat(async.outcome()).isEqualTo(route.outcome());
    assertThat(async.reason()).isEqualTo(route.reason());
    assertThat(async.affinity()).isEqualTo(route.affinity());
    assertThat(Routing.id(async)).isEqualTo(Routing.id(route));
  }

  private static void assertEnded(ModelAffinity... parts) {
    for (ModelAffinity part : parts) {
      assertThat(part.ended).as(part.toString()).isEqualTo(part.admitted);
    }
  }

  /** A request that has one of a few sessions, or none, at each affinity. */
  private static Request request(int step, int affinities) {
    String[] sessions = new String[affinities];
    for (int i = 0; i < affinities; i++) {
      int session = (step >> (3 * i)) % (SESSIONS + 2);
      sessions[i] = (session < SESSIONS) ? "session-" + session : null;
    }
    return new Request(sessions);
  }

  private static StickyRouter<Request> router(
      Pool pool, Failover failover, ModelAffinity... parts) {
    return StickyRouter.<Request>builder(pool, ModelAffinity.chain(parts))
        .failover(failover)
        .balanceBy((request, hasher) -> hasher.string(request.toString()))
        .build();
  }

  /** Its picks are the same in every pool. */
  private static Pool pool(boolean counts) {
    Backend[] backends = {backend("b0"), backend("b1", 3), backend("b2")};
    return counts
        ? Routing.counting(new WeightedRendezvous(), backends)
        : Routing.pool(new WeightedRendezvous(), backends);
  }

  private static void change(Pool pool, int step) {
    String id = "b" + step % 3;
    pool.change(edit -> {
      switch (step % 5) {
        case 0 -> edit.drain(id);
        case 1 -> edit.ready(id);
        case 2 -> edit.down(id);
        default -> edit.up(id);
      }
    });
  }
}
