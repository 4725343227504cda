package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.shared.SharedTable;
import dev.limpet.shared.Wait;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Redis stops for a moment, while sessions begin. */
class PauseTest {
  private static final StickySession SESSION = StickySession.custom();
  private static final int SESSIONS = 500;
  private static final int MILLIS = 150;

  @Test
  void sessionsThatBeginDuringAPause_areToldToRedisAfterIt() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene one = StoreScene.connected(proxy.port());
        StoreScene other = StoreScene.connected(server.port())) {
      RedisStore store = one.builder().build();
      StickyRouter<Long> first = router(store, 1);
      StickyRouter<Long> second = router(StoreScene.patient(other.link, "web"), 256);
      Wait.of(first.routeAsync((long) SESSIONS));
      var user = StoreScene.user(other.client, server.port());

      proxy.holdRequests();
      Map<Long, CompletableFuture<Route>> routes = new HashMap<>();
      for (long session = 0; session < SESSIONS; session++) {
        routes.put(session, first.routeAsync(session).toCompletableFuture());
        TimeUnit.MICROSECONDS.sleep(1_000L * MILLIS / SESSIONS);
      }
      proxy.letRequestsGo();

      Wait.until(() -> user.dbsize() == SESSIONS + 1);
      assertThat(first.stats().count(Reason.STORE_UNAVAILABLE)).isPositive();
      assertThat(store.stats().count(StoreFault.BREAKER_OPEN)).isPositive();
      assertThat(store.stats().untold()).isZero();
      for (long session : LongStream.range(0, SESSIONS).toArray()) {
        Route route = Wait.of(second.routeAsync(session));
        assertThat(route)
            .hasToString("KEPT " + Wait.of(routes.get(session)).backend().id());
      }
    }
  }

  private static StickyRouter<Long> router(RedisStore store, int weightOfA) {
    Pool pool = Pool.of(
        "web",
        Backend.of("a", "10.0.0.1", 1).withWeight(weightOfA),
        Backend.of("b", "10.0.0.1", 2));
    return StickyRouter.of(
        pool,
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .session(SESSION)
            .environment(StoreScene.ENVIRONMENT)
            .table(SharedTable.builder(store)::build)
            .build());
  }
}
