package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.BindingStore;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster of three masters. */
class ClusterTest {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<RedisCommands<byte[], byte[]>> users = new ArrayList<>();
  private final RedisClient client = RedisClient.create(StoreScene.RESOURCES);
  private final MessagesTest.Heard heard = new MessagesTest.Heard();
  private RedisClusterClient cluster;
  private RedisLink link;
  private OpenedStore store;

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; i < MASTERS; i++) {
      servers.add(RedisProcess.clusterNode(
          "--cluster-enabled",
          "yes",
          "--cluster-node-timeout",
          "15000",
          "--cluster-require-full-coverage",
          "no",
          "--cluster-config-file",
          "nodes.conf"));
      users.add(StoreScene.user(client, servers.get(i).port()));
    }
    for (int i = 0; i < MASTERS; i++) {
      users.get(i).clusterAddSlots(slotsOf(i));
      users.get(i).clusterSetConfigEpoch(i + 1L);
      users.get(0).clusterMeet("127.0.0.1", servers.get(i).port());
    }
    for (RedisCommands<byte[], byte[]> user : users) {
      Wait.until(() -> user.clusterInfo().contains("cluster_state:ok")
          && user.clusterInfo().contains("cluster_known_nodes:" + MASTERS)
          && user.clusterInfo().contains("cluster_slots_assigned:" + SLOTS));
    }
    cluster = RedisClusterClient.create(
        StoreScene.RESOURCES, StoreScene.uri(servers.get(0).port()));
    cluster.setOptions(RedisLink.clusterOptions());
    link = RedisLink.of(cluster);
    store = store(Duration.ofSeconds(10), heard);
    Wait.until(() -> link.isConnected() && heard.reconnects.get() > 0);
  }

  @AfterEach
  void stop() throws Exception {
    link.close();
    cluster.shutdown(0, 5, TimeUnit.SECONDS);
    client.shutdown(0, 5, TimeUnit.SECONDS);
    for (RedisProcess server : servers) {
      server.close();
    }
  }

  private static int[] slotsOf(int master) {
    return IntStream.range(master * SLOTS / MASTERS, (master + 1) * SLOTS / MASTERS)
        .toArray();
  }

  @Test
  void keysAreSpreadOverTheMasters_andMessagesReachFromEach() throws Exception {
    bindAll(1, 300);
    for (RedisCommands<byte[], byte[]> user : users) {
      assertThat(user.dbsize()).isBetween(50L, 150L);
    }
    for (long key = 1; key <= 300; key++) {
      SharedBinding first = BrokenReplyTest.bindingOf(key);
      assertThat(
              Wait.of(store.bind(key, first, StoreScene.moved(first, "web0"))).status())
          .isEqualTo(StoreAnswer.Status.STORED);
    }
    Wait.until(() -> heard.changes.size() == 300);
    assertThat(store.stats().unavailable()).isZero();
  }

  @Test
  void aSlotThatMoves_isFollowed() throws Exception {
    bindAll(1, 1);
    byte[] redisKey = StoreScene.redisKey("web", 1);
    int slot = users.get(0).clusterKeyslot(redisKey).intValue();
    RedisCommands<byte[], byte[]> from =
        users.stream().filter(u -> u.dbsize() == 1).findFirst().orElseThrow();
    int to = (users.indexOf(from) + 1) % MASTERS;
    String toId = users.get(to).clusterMyId();
    users.get(to).clusterSetSlotImporting(slot, from.clusterMyId());
    from.clusterSetSlotMigrating(slot, toId);
    assertThat(look(1)).isEqualTo(BrokenReplyTest.bindingOf(1));
    from.migrate("127.0.0.1", servers.get(to).port(), redisKey, 0, 5_000);
    assertThat(look(1)).isEqualTo(BrokenReplyTest.bindingOf(1));
    users.get(to).clusterSetSlotNode(slot, toId);
    from.clusterSetSlotNode(slot, toId);
    assertThat(look(1)).isEqualTo(BrokenReplyTest.bindingOf(1));
    assertThat(store.stats().unavailable()).isZero();
  }

  @Test
  void aMasterThatDies_takesNoOtherWithIt() throws Exception {
    bindAll(1, 60);
    OpenedStore impatient = store(Duration.ofMillis(100), new MessagesTest.Heard());
    servers.get(2).kill();
    int answered = 0;
    for (long key = 1; key <= 60; key++) {
      StoreAnswer answer = Wait.of(impatient.find(key));
      BrokenReplyTest.assertRightOrNone(key, answer);
      answered += (answer.binding() == null) ? 0 : 1;
    }
    assertThat(answered).as(impatient.stats()::toString).isBetween(10, 59);
  }

  @Test
  void aLostConnectionToOneMaster_isToldOfAndMadeAgain() throws Exception {
    bindAll(1, 60);
    int before = heard.reconnects.get();

    users.get(2).clientKill(KillArgs.Builder.typeNormal().skipme());

    Wait.until(() -> heard.reconnects.get() > before);
    for (long key = 1; key <= 60; key++) {
      long asked = key;
      Wait.until(() -> BrokenReplyTest.bindingOf(asked).equals(look(asked)));
    }
  }

  private OpenedStore store(Duration deadline, BindingStore.Listener listener) {
    RedisStore redis = RedisStore.builder(link, "web").deadline(deadline).build();
    return new OpenedStore(redis, StoreScene.SLIDING, listener);
  }

  private SharedBinding look(long key) throws Exception {
    return Wait.of(store.find(key)).binding();
  }

  private void bindAll(long from, long to) throws Exception {
    List<CompletionStage<StoreAnswer>> answers = new ArrayList<>();
    for (long key = from; key <= to; key++) {
      answers.add(store.bind(key, null, BrokenReplyTest.bindingOf(key)));
    }
    for (CompletionStage<StoreAnswer> answer : answers) {
      assertThat(Wait.of(answer).status())
          .as(store.stats()::toString)
          .isEqualTo(StoreAnswer.Status.STORED);
    }
  }
}
