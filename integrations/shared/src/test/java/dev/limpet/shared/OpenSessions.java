package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Proxies that share a model store, count connections, and renew the sessions with open routes in
 * each quarter of the duration, each at a time of its own.
 */
final class OpenSessions {
  static final Duration T = Duration.ofMinutes(20);

  private static final Duration STEP = T.dividedBy(64);
  private static final int STEPS_PER_RENEWAL = 16;

  final ModelTime time = new ModelTime();
  final ModelStore store;
  final List<Proxy> proxies;

  private final StickySession session;
  private final Environment environment = Fleet.COMMON.withClock(time).withWallClock(time);
  private final long capacity;
  private final int[] phases;
  private int steps;

  OpenSessions(StickySession session, int proxies, long capacity, Random random) {
    this.session = session;
    this.capacity = capacity;
    this.store = new ModelStore(time, session);
    this.proxies = IntStream.range(0, proxies).mapToObj(i -> new Proxy()).toList();
    this.phases = random.ints(proxies, 0, STEPS_PER_RENEWAL).toArray();
  }

  static OpenSessions ofTwo(StickySession session) {
    return new OpenSessions(session, 2, 1_000, new Random(1));
  }

  /** Advances the time, and lets the proxies renew their open sessions meanwhile. */
  void pass(Duration duration) {
    for (Duration left = duration; !left.isZero(); ) {
      Duration step = (left.compareTo(STEP) < 0) ? left : STEP;
      time.pass(step);
      left = left.minus(step);
      steps++;
      for (int i = 0; i < phases.length; i++) {
        if (steps % STEPS_PER_RENEWAL == phases[i]) {
          proxies.get(i).router.renewOpenSessions();
        }
      }
    }
  }

  /** One proxy, whose requests are the numbers of their sessions. */
  final class Proxy {
    final ModelLink link = store.link();
    final SharedTable table =
        SharedTable.builder(link).capacity(capacity).build(session, environment);
    final Pool pool = Pool.builder("web")
        .environment(environment)
        .countConnections()
        .backends(List.of(
            Backend.of("a", "10.0.0.1", 1),
            Backend.of("b", "10.0.0.1", 2),
            Backend.of("c", "10.0.0.1", 3)))
        .build();
    final StickyRouter<Long> router = StickyRouter.of(
        pool,
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .session(session)
            .environment(environment)
            .table((declared, given) -> table)
            .build());

    /** Opens a route, which the store answers at once. */
    Route open(long number) {
      var route = router.routeAsync(number).toCompletableFuture();
      assertThat(route).isCompleted();
      return route.join();
    }

    /** Routes a request that is over at once, and says what became of it. */
    String ask(long number) {
      try (Route route = open(number)) {
        return route.toString();
      }
    }
  }
}
