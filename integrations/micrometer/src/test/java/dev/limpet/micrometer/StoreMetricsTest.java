package dev.limpet.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpet.core.Environment;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import dev.limpet.redis.StoreFault;
import dev.limpet.shared.SharedTable;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.embedded.RedisServer;

@Tag("slow")
@Timeout(60)
class StoreMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Reader reader = new Reader(registry);

  @Test
  void calls_areCountedByTheirResultAndTimed() throws Exception {
    int port = freePort();
    RedisServer server = new RedisServer(port);
    server.start();
    RedisClient client = RedisClient.create();
    client.setOptions(RedisLink.options());
    try (RedisLink link = RedisLink.of(client, RedisURI.create("127.0.0.1", port))) {
      RedisStore store =
          RedisStore.builder(link, "web").deadline(Duration.ofSeconds(5)).build();
      StickyRouter<String> router = router(store);
      StoreMetrics.of(store).bindTo(registry);
      assertThat(reader.values(LimpetMeter.STORE_CALLS, "result"))
          .hasSize(StoreFault.values().length + 1);
      until(store::isConnected);

      router.routeAsync("alice").toCompletableFuture().join();

      assertThat(value(LimpetMeter.STORE_CALLS, "result", "answered")).isEqualTo(1);
      assertThat(reader.sum(LimpetMeter.STORE_CALLS)).isEqualTo(1);
      assertThat(value(LimpetMeter.STORE_CONNECTED)).isEqualTo(1);
      assertThat(value(LimpetMeter.STORE_BREAKER_OPEN)).isZero();
      var latency = registry.get(LimpetMeter.STORE_LATENCY.id()).functionTimer();
      assertThat(latency.count()).isEqualTo(1);
      assertThat(latency.totalTime(TimeUnit.NANOSECONDS))
          .isCloseTo((double) store.stats().answerTime().toNanos(), within(1.0))
          .isPositive();

      server.stop();
      until(() -> !store.isConnected());
      router.routeAsync("bob").toCompletableFuture().join();

      assertThat(value(LimpetMeter.STORE_CONNECTED)).isZero();
      assertThat(value(LimpetMeter.STORE_CALLS, "result", "not_connected")).isPositive();
      assertThat(reader.sum(LimpetMeter.STORE_CALLS))
          .isEqualTo((double) store.stats().calls());
    } finally {
      server.stop();
      client.shutdown();
    }
  }

  private double value(LimpetMeter meter, String... tags) {
    String[] all = (tags.length == 0)
        ? new String[] {"pool", "web"}
        : new String[] {"pool", "web", tags[0], tags[1]};
    return reader.value(meter, all);
  }

  private static StickyRouter<String> router(RedisStore store) {
    Environment environment = Environment.of(new byte[Environment.MIN_SECRET_BYTES]);
    return StickyRouter.of(
        Routing.pool("a", "b"),
        KeyAffinity.builder(Routing.TEXT)
            .environment(environment)
            .table(SharedTable.builder(store)::build)
            .build());
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5); // until the server is seen or missed
    }
  }
}
