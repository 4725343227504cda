package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A master, a replica, and three Sentinels, one of which may be wrong. */
class SentinelTest {
  private static final SharedBinding FIRST = StoreScene.first("web1");

  private final RedisClient client = RedisClient.create(StoreScene.RESOURCES);
  private final List<RedisProcess> sentinels = new ArrayList<>();
  private final MessagesTest.Heard heard = new MessagesTest.Heard();
  private RedisProcess master;
  private RedisProcess replica;
  private RedisLink link;
  private OpenedStore store;

  @BeforeEach
  void start() throws Exception {
    master = RedisProcess.running();
    replica = RedisProcess.running(
        "--replicaof", "127.0.0.1", "" + master.port(), "--repl-diskless-sync-delay", "0");
    for (int i = 0; i < 3; i++) {
      sentinels.add(RedisProcess.sentinel(
          RedisProcess.freePort(),
          String.join(
              "\n",
              "sentinel monitor limpet 127.0.0.1 " + master.port() + " 2",
              "sentinel down-after-milliseconds limpet 500",
              "sentinel failover-timeout limpet 3000",
              "")));
    }
    client.setOptions(RedisLink.options());
    RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId("limpet");
    sentinels.forEach(sentinel -> uri.withSentinel("127.0.0.1", sentinel.port()));
    link = RedisLink.of(client, uri.build());
    RedisStore redis = RedisStore.builder(link, "web")
        .deadline(Duration.ofSeconds(1))
        .maxInFlight(100)
        .build();
    store = new OpenedStore(redis, StoreScene.SLIDING, heard);
    Wait.until(() -> link.isConnected() && heard.reconnects.get() > 0);
  }

  @AfterEach
  void stop() throws Exception {
    link.close();
    client.shutdown(0, 5, TimeUnit.SECONDS);
    for (RedisProcess sentinel : sentinels) {
      sentinel.close();
    }
    replica.close();
    master.close();
  }

  @Test
  void afterAFailover_bindingsAndMessagesGoOnWithTheNewMaster() throws Exception {
    assertThat(Wait.of(store.bind(1, null, FIRST)).status()).isEqualTo(StoreAnswer.Status.STORED);
    awaitReady();
    int before = heard.reconnects.get();

    master.kill();

    Wait.until(() -> Wait.of(store.find(1)).status() == StoreAnswer.Status.HELD);
    Wait.until(() -> heard.reconnects.get() >= before + 2);
    Wait.until(() ->
        Wait.of(store.bind(1, FIRST, StoreScene.moved(FIRST, "web2"))).status()
            != StoreAnswer.Status.UNAVAILABLE);
    Wait.until(() -> !heard.changes.isEmpty());
  }

  /** Until the replica has the binding, and every Sentinel knows it and the other Sentinels. */
  private void awaitReady() throws Exception {
    var there = StoreScene.user(client, replica.port());
    Wait.until(() -> there.dbsize() == 1);
    for (RedisProcess sentinel : sentinels) {
      var info = client.connect(StoreScene.uri(sentinel.port())).sync();
      Wait.until(() -> info.info("sentinel").contains("slaves=1,sentinels=3"));
    }
  }
}
