package dev.limpet.examples.embedding;

import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.SharedTable;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The examples of {@code docs/fleet.md}. */
final class FleetExamples extends Embedder {

  RedisStore store() {
    RedisClient redis = RedisClient.create(RedisLink.resources().build());
    redis.setOptions(RedisLink.options());
    RedisLink link = RedisLink.of(redis, RedisURI.create("redis://redis.internal"));
    RedisStore store = RedisStore.builder(link, "db").build();
    return store;
  }

  StickyRouter<Socket> inAFleet(Pool pool, byte[] secret, BindingStore store) {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .environment(Environment.of(secret)) // the same at all proxies
        .table(SharedTable.builder(store)::build)
        .build();
    StickyRouter<Socket> router = StickyRouter.of(pool, affinity);
    return router;
  }

  void route(StickyRouter<Socket> router, Socket client) {
    router.routeAsync(client).thenAccept(route -> connect(client, route.backend()));
  }

  Future<?> keepOpenSessions(
      StickyRouter<Socket> router, Duration duration, ScheduledExecutorService executor) {
    long quarter = duration.toNanos() / 4;
    Future<?> renewing = executor.scheduleAtFixedRate(
        router::renewOpenSessions, quarter, quarter, TimeUnit.NANOSECONDS);
    return renewing;
  }

  Route routeAndWait(StickyRouter<Socket> router, Socket client) {
    return router.routeAsync(client).toCompletableFuture().join(); // within the store's deadline
  }
}
