package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Redis refuses leaves a caller without an answer, and counted by its reason. */
class ErrorReplyTest {
  private static final SharedBinding FIRST = StoreScene.first("web1");

  private RedisProcess server;
  private FaultProxy proxy;
  private StoreScene scene;
  private RedisCommands<byte[], byte[]> user;
  private OpenedStore store;

  @BeforeEach
  void start() throws Exception {
    server = RedisProcess.running();
    proxy = new FaultProxy(server.port());
    scene = StoreScene.connected(proxy.port());
    user = StoreScene.user(scene.client, server.port());
    store = scene.store();
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
    proxy.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "READ_ONLY, READONLY You can't write against a read only replica.",
    "READ_ONLY, ERR Error running script (call to f_0123): @user_script:1: @user_script: 1: -READONLY You can't write.",
    "LOADING, LOADING Redis is loading the dataset in memory",
    "OUT_OF_MEMORY, OOM command not allowed when used memory > 'maxmemory'.",
    "OUT_OF_MEMORY, ERR Error running script (call to f_0123): @user_script:1: @user_script: 1: -OOM command not allowed.",
    "NO_PERMISSION, NOAUTH Authentication required.",
    "NO_PERMISSION, NOPERM this user has no permissions to run the 'evalsha' command",
    "BUSY, BUSY Redis is busy running a script.",
    "CLUSTER, MOVED 1234 127.0.0.1:6381",
    "CLUSTER, ASK 1234 127.0.0.1:6381",
    "CLUSTER, CLUSTERDOWN The cluster is down",
    "CLUSTER, TRYAGAIN Multiple keys request during rehashing of slot",
    "OTHER_ERROR, ERR unknown",
    "OTHER_ERROR, ERR Error running script (call to f_0123): @user_script:1: user_script:1: nil",
    "OTHER_ERROR, WRONGTYPE",
  })
  void errorReply_isUnavailableAndCounted(StoreFault fault, String error) throws Exception {
    bind(FIRST);
    proxy.toScripts((reply, to) -> to.write(StoreScene.bytes('-' + error + "\r\n")));

    assertThat(bind(FIRST)).isEqualTo(StoreAnswer.UNAVAILABLE);
    assertThat(store.stats().count(fault)).isEqualTo(1);
    assertThat(store.stats().unavailable()).isEqualTo(1);
    assertThat(store.inFlight()).isZero();

    proxy.toAll(FaultProxy.NONE);
    Wait.until(() -> bind(FIRST).status() == StoreAnswer.Status.HELD);
  }

  @Test
  void aMomentOfTryAgainIsTriedAgain() throws Exception {
    bind(FIRST);
    proxy.toScripts((reply, to) -> {
      proxy.toAll(FaultProxy.NONE);
      to.write(StoreScene.bytes("-TRYAGAIN later\r\n"));
    });

    assertThat(bind(FIRST).status()).isEqualTo(StoreAnswer.Status.HELD);
  }

  @Test
  void errors_doNotOpenTheBreaker() throws Exception {
    bind(FIRST);
    proxy.toScripts((reply, to) -> to.write(StoreScene.bytes("-BUSY\r\n")));

    for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
      bind(FIRST);
    }

    assertThat(store.stats().count(StoreFault.BUSY)).isEqualTo(3 * Breaker.FAILURES);
  }

  @Test
  void scriptsThatRedisForgotAreTold() throws Exception {
    bind(FIRST);
    assertThat(store.stats().reloads()).isEqualTo(1);
    user.scriptFlush();

    assertThat(bind(FIRST).status()).isEqualTo(StoreAnswer.Status.HELD);
    assertThat(bind(FIRST).status()).isEqualTo(StoreAnswer.Status.HELD);
    assertThat(store.stats().reloads()).isEqualTo(2);
    user.scriptFlush();
    assertThat(Wait.of(store.unbind(1, FIRST))).isEqualTo(StoreAnswer.ABSENT);
  }

  @Test
  void aReplicaIsLeftForTheMasterThatTakesItsPlace() throws Exception {
    bind(FIRST);
    user.replicaof("127.0.0.1", RedisProcess.freePort());

    assertThat(bind(StoreScene.moved(FIRST, "web2"), FIRST)).isEqualTo(StoreAnswer.UNAVAILABLE);
    assertThat(store.stats().count(StoreFault.READ_ONLY)).isEqualTo(1);
    assertThat(scene.link.isConnected()).isFalse();

    user.replicaofNoOne();
    Wait.until(scene.link::isConnected);
    assertThat(bind(StoreScene.moved(FIRST, "web2"), FIRST).status())
        .isEqualTo(StoreAnswer.Status.STORED);
  }

  @Test
  void aFullRedisStillAnswersWhatItHas() throws Exception {
    bind(FIRST);
    user.configSet("maxmemory", "1");

    assertThat(bind(FIRST).status()).isEqualTo(StoreAnswer.Status.HELD);
    assertThat(bind(StoreScene.moved(FIRST, "web2"), FIRST)).isEqualTo(StoreAnswer.UNAVAILABLE);
    assertThat(store.stats().count(StoreFault.OUT_OF_MEMORY)).isEqualTo(1);
  }

  private StoreAnswer bind(SharedBinding candidate) throws Exception {
    return bind(candidate, null);
  }

  private StoreAnswer bind(SharedBinding candidate, SharedBinding expected) throws Exception {
    return Wait.of(store.bind(1, expected, candidate));
  }
}
