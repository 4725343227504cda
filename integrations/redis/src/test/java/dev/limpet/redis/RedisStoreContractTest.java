package dev.limpet.redis;

import dev.limpet.shared.BindingStore;
import dev.limpet.shared.BindingStoreContract;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What all stores promise, against a real server. Every second proxy is another process. */
class RedisStoreContractTest extends BindingStoreContract {
  private static RedisProcess server;
  private static StoreScene one;
  private static StoreScene other;
  private static RedisCommands<byte[], byte[]> user;

  private int proxies;

  @BeforeAll
  static void start() throws Exception {
    server = RedisProcess.running();
    one = StoreScene.connected(server.port());
    other = StoreScene.connected(server.port());
    user = StoreScene.user(one.client, server.port());
  }

  @AfterAll
  static void stop() throws Exception {
    one.close();
    other.close();
    server.close();
  }

  @Override
  protected BindingStore newStore(String pool) {
    StoreScene scene = (proxies++ % 2 == 0) ? one : other;
    return StoreScene.patient(scene.link, pool);
  }

  @Override
  protected boolean interrupt() {
    user.clientKill(KillArgs.Builder.typePubsub());
    user.clientKill(KillArgs.Builder.typeNormal().skipme());
    return true;
  }

  @Override
  protected boolean tellsOnceAndInOrder() {
    return true;
  }
}
