package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.SharedTable;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is stored that no proxy of the pool has written is a miss and counted, against a real
 * server.
 */
class GarbageTest {
  private static final long KEY = 0xFEDCBA9876543210L;
  private static final byte[] REDIS_KEY = StoreScene.redisKey("web", KEY);
  private static final SharedBinding BINDING = StoreScene.first("web1");
  private static final String MAC = "0123456789abcdef";

  private static final Environment OTHER_SECRET =
      Environment.of("ABCDEF0123456789abcdef0123456789".getBytes(StandardCharsets.US_ASCII));

  private static RedisProcess server;
  private static RedisCommands<byte[], byte[]> user;
  private static StoreScene scene;

  private OpenedStore store;

  @BeforeAll
  static void start() throws Exception {
    server = RedisProcess.running();
    scene = StoreScene.connected(server.port());
    user = StoreScene.user(scene.client, server.port());
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
    server.close();
  }

  @BeforeEach
  void open() {
    store = scene.store();
  }

  @AfterEach
  void empty() {
    user.flushall();
  }

  static Stream<byte[]> garbage() {
    BindingText text = new BindingText(StoreScene.HASHER, "web");
    return Stream.of(
        StoreScene.bytes(""),
        StoreScene.bytes("web1"),
        StoreScene.bytes("2:1:0:" + MAC + ":web1"),
        StoreScene.bytes("1:1:0:" + MAC + ":web1"),
        StoreScene.bytes("1:0:0:" + MAC + ":web1"),
        StoreScene.bytes("1:99999999999999999999:0:" + MAC + ":web1"),
        StoreScene.bytes("1:1:0:" + MAC + ":"),
        StoreScene.bytes("1:1:0:" + MAC + ":\u00c3(\u00ff"),
        StoreScene.bytes("\u00c3(\u00ff\u0000"),
        StoreScene.bytes("1:1:0:" + MAC + ":web1\r\n$1\r\n"),
        new byte[BindingText.MAX_LENGTH + 1],
        new byte[1 << 20],
        text.write(KEY + 1, BINDING),
        new BindingText(StoreScene.HASHER, "api").write(KEY, BINDING),
        new BindingText(OTHER_SECRET.hasher(), "web").write(KEY, BINDING));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void looksLikeNothing(byte[] value) throws Exception {
    user.set(REDIS_KEY, value);

    assertThat(Wait.of(store.find(KEY))).isEqualTo(StoreAnswer.ABSENT);

    assertThat(store.stats().garbage()).isEqualTo(1);
    assertThat(store.stats().answered()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void isReplaced(byte[] value) throws Exception {
    user.set(REDIS_KEY, value);

    StoreAnswer answer = Wait.of(store.bind(KEY, null, BINDING));

    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.STORED);
    assertThat(Wait.of(store.find(KEY)).binding()).isEqualTo(BINDING);
    assertThat(store.stats().garbage()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void isRemoved(byte[] value) throws Exception {
    user.set(REDIS_KEY, value);

    assertThat(Wait.of(store.unbind(KEY, BINDING))).isEqualTo(StoreAnswer.ABSENT);

    assertThat(user.dbsize()).isZero();
  }

  @Test
  void isRemovedWhateverVersionItClaims() throws Exception {
    user.set(REDIS_KEY, StoreScene.bytes("1:9:0:" + MAC + ":web1"));

    assertThat(Wait.of(store.unbind(KEY, BINDING))).isEqualTo(StoreAnswer.ABSENT);
    assertThat(store.stats().garbage()).isEqualTo(1);
    assertThat(user.dbsize()).isZero();
  }

  @Test
  void anotherTypeLooksLikeNothingAndIsReplaced() throws Exception {
    for (int type = 0; type < 4; type++) {
      user.del(REDIS_KEY);
      ofType(type);
      assertThat(Wait.of(store.find(KEY))).isEqualTo(StoreAnswer.ABSENT);
      assertThat(Wait.of(store.bind(KEY, null, BINDING)).status())
          .isEqualTo(StoreAnswer.Status.STORED);
    }
    assertThat(store.stats().garbage()).isEqualTo(8);
    ofType(1 + user.del(REDIS_KEY).intValue());
    assertThat(Wait.of(store.unbind(KEY, BINDING))).isEqualTo(StoreAnswer.ABSENT);
    assertThat(user.dbsize()).isZero();
  }

  private static void ofType(int type) {
    byte[] value = StoreScene.bytes("1:1:0:" + MAC + ":web1");
    switch (type) {
      case 0 -> user.rpush(REDIS_KEY, value);
      case 1 -> user.hset(REDIS_KEY, value, value);
      case 2 -> user.sadd(REDIS_KEY, value);
      default -> user.zadd(REDIS_KEY, 1, value);
    }
  }

  @Test
  void bindingsOfAProxyWithAnotherSecret_areGarbageAndCounted() throws Exception {
    RedisStore ours = StoreScene.patient(scene.link, "web");
    RedisStore theirs = StoreScene.patient(scene.link, "web");
    SharedTable our = SharedTable.builder(ours).build(StoreScene.SLIDING, StoreScene.ENVIRONMENT);
    SharedTable their = SharedTable.builder(theirs).build(StoreScene.SLIDING, OTHER_SECRET);

    assertThat(Wait.of(our.bindAsync(KEY, null, "web1", true))).isEqualTo(Bound.stored("web1"));
    assertThat(Wait.of(their.findAsync(KEY))).isEqualTo(Bound.ABSENT);
    assertThat(theirs.stats().garbage()).isEqualTo(1);
    assertThat(Wait.of(their.bindAsync(KEY, null, "web2", true))).isEqualTo(Bound.stored("web2"));
    assertThat(theirs.stats().garbage()).isEqualTo(2);

    assertThat(Wait.of(store.find(KEY))).isEqualTo(StoreAnswer.ABSENT);
    assertThat(store.stats().garbage()).isEqualTo(1);
    assertThat(Wait.of(our.findAsync(KEY))).isEqualTo(Bound.ABSENT);
    assertThat(ours.stats().garbage()).isEqualTo(1);
    assertThat(our.peek(KEY)).isEqualTo("web1");
  }

  @Test
  void aNameThatNoPoolHasIsNoGarbage() throws Exception {
    SharedBinding unknown = StoreScene.first("nobody@9 ~");
    user.set(REDIS_KEY, new BindingText(StoreScene.HASHER, "web").write(KEY, unknown));

    StoreAnswer answer = Wait.of(store.bind(KEY, null, BINDING));

    assertThat(answer.status()).isEqualTo(StoreAnswer.Status.HELD);
    assertThat(answer.binding()).isEqualTo(unknown);
    assertThat(store.stats().garbage()).isZero();
  }

  @Test
  void theLongestBindingIsHeld() throws Exception {
    String name = "i".repeat(128) + '@' + "g".repeat(128);
    for (SharedBinding longest : List.of(
        SharedBinding.of(name.substring(1), Integer.MAX_VALUE, BindingText.MAX_END),
        SharedBinding.of(name, Integer.MAX_VALUE, BindingText.MAX_END))) {
      user.flushall();
      assertThat(Wait.of(store.bind(KEY, null, longest)).status())
          .isEqualTo(StoreAnswer.Status.STORED);
      assertThat(Wait.of(store.find(KEY)).binding()).isEqualTo(longest);
    }
    assertThat(user.strlen(REDIS_KEY)).isEqualTo(BindingText.MAX_LENGTH);
  }
}
