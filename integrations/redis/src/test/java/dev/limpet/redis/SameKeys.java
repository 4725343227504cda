package dev.limpet.redis;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.shared.SharedTable;
import dev.limpet.shared.Wait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Two processes that get the same new sessions at once, and would choose different backends for
 * most of them.
 */
final class SameKeys {
  private static final StickySession SESSION = StickySession.custom();
  private static final int TOGETHER = 256;

  private SameKeys() {}

  /** Fails if they disagree about a session. */
  static void run(int sessions) throws Exception {
    try (RedisProcess server = RedisProcess.running();
        StoreScene one = StoreScene.connected(server.port());
        StoreScene other = StoreScene.connected(server.port())) {
      StickyRouter<Long> first = router(one, 9, 1);
      StickyRouter<Long> second = router(other, 1, 9);
      CyclicBarrier go = new CyclicBarrier(2);
      CompletableFuture<List<String>> firsts = routing(first, sessions, go, false);
      CompletableFuture<List<String>> seconds = routing(second, sessions, go, true);

      assertThat(Wait.of(firsts)).hasSize(sessions).isEqualTo(Wait.of(seconds));
      assertThat(bound(first) + bound(second)).isEqualTo(sessions);
      assertThat(bound(first)).isPositive();
      assertThat(bound(second)).isPositive();
    }
  }

  private static long bound(StickyRouter<Long> router) {
    return router.stats().count(Outcome.NEW);
  }

  private static StickyRouter<Long> router(StoreScene scene, int weightOfA, int weightOfB) {
    Pool pool = Pool.of(
        "web",
        Backend.of("a", "10.0.0.1", 1).withWeight(weightOfA),
        Backend.of("b", "10.0.0.1", 2).withWeight(weightOfB));
    return StickyRouter.of(
        pool,
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .session(SESSION)
            .environment(StoreScene.ENVIRONMENT)
            .table(SharedTable.builder(StoreScene.patient(scene.link, "web"))::build)
            .build());
  }

  private static CompletableFuture<List<String>> routing(
      StickyRouter<Long> router, int sessions, CyclicBarrier go, boolean fromTheLast) {
    CompletableFuture<List<String>> answered = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        answered.complete(backends(router, sessions, go, fromTheLast));
      } catch (Throwable thrown) {
        answered.completeExceptionally(thrown);
      }
    });
    thread.start();
    return answered;
  }

  /**
   * Of some sessions at a time one process asks for the first before, the other for the last: each
   * binds some.
   */
  private static List<String> backends(
      StickyRouter<Long> router, int sessions, CyclicBarrier go, boolean fromTheLast)
      throws Exception {
    List<String> backends = new ArrayList<>();
    for (int from = 0; from < sessions; from += TOGETHER) {
      List<Long> some =
          LongStream.range(from, Math.min(from + TOGETHER, sessions)).boxed().collect(toList());
      if (fromTheLast) {
        Collections.reverse(some);
      }
      List<String> answers = new ArrayList<>();
      go.await(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
      for (CompletionStage<Route> route : some.stream().map(router::routeAsync).toList()) {
        answers.add(Wait.of(route).backend().id());
      }
      if (fromTheLast) {
        Collections.reverse(answers);
      }
      backends.addAll(answers);
    }
    return backends;
  }
}
