package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.KeyHasher;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is stored that no proxy of the pool has written is a miss and counted, against a real server. */
class GarbageTest {
  private static final long KEY = 0xFEDCBA9876543210L;
  private static final byte[] REDIS_KEY = StoreScene.redisKey("web", KEY);
  private static final SharedBinding BINDING = SharedBinding.first("web1", 0);
  private static final String MAC = "0123456789abcdef";

  private static RedisProcess server;
  private static RedisCommands<byte[], byte[]> user;
  private static StoreScene scene;

  private final StoreCounts counts = new StoreCounts();
  private RedisStore store;

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
    store = scene.store(counts);
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
        new BindingText(KeyHasher.random(), "web").write(KEY, BINDING));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void looksLikeNothing(byte[] value) throws Exception {
    user.set(REDIS_KEY, value);

    assertThat(Wait.of(store.bind(KEY, null, null))).isEqualTo(Answer.ABSENT);

    assertThat(counts.stats().garbage()).isEqualTo(1);
    assertThat(counts.stats().answered()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void isReplaced(byte[] value) throws Exception {
    user.set(REDIS_KEY, value);

    Answer answer = Wait.of(store.bind(KEY, null, BINDING));

    assertThat(answer.status()).isEqualTo(Answer.Status.STORED);
    assertThat(Wait.of(store.bind(KEY, null, null)).binding()).isEqualTo(BINDING);
    assertThat(counts.stats().garbage()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void isRemoved(byte[] value) throws Exception {
    user.set(REDIS_KEY, value);

    assertThat(Wait.of(store.unbind(KEY, BINDING))).isEqualTo(Answer.ABSENT);

    assertThat(user.dbsize()).isZero();
  }

  @Test
  void isRemovedWhateverVersionItClaims() throws Exception {
    user.set(REDIS_KEY, StoreScene.bytes("1:9:0:" + MAC + ":web1"));

    assertThat(Wait.of(store.unbind(KEY, BINDING))).isEqualTo(Answer.ABSENT);
    assertThat(counts.stats().garbage()).isEqualTo(1);
    assertThat(user.dbsize()).isZero();
  }

  @Test
  void anotherTypeLooksLikeNothingAndIsReplaced() throws Exception {
    for (int type = 0; type < 4; type++) {
      user.del(REDIS_KEY);
      ofType(type);
      assertThat(Wait.of(store.bind(KEY, null, null))).isEqualTo(Answer.ABSENT);
      assertThat(Wait.of(store.bind(KEY, null, BINDING)).status()).isEqualTo(Answer.Status.STORED);
    }
    assertThat(counts.stats().garbage()).isEqualTo(8);
    ofType(1 + user.del(REDIS_KEY).intValue());
    assertThat(Wait.of(store.unbind(KEY, BINDING))).isEqualTo(Answer.ABSENT);
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
  void aNameThatNoPoolHasIsNoGarbage() throws Exception {
    SharedBinding unknown = SharedBinding.first("nobody@9 ~", 0);
    user.set(REDIS_KEY, new BindingText(StoreScene.HASHER, "web").write(KEY, unknown));

    Answer answer = Wait.of(store.bind(KEY, null, BINDING));

    assertThat(answer.status()).isEqualTo(Answer.Status.HELD);
    assertThat(answer.binding()).isEqualTo(unknown);
    assertThat(counts.stats().garbage()).isZero();
  }

  @Test
  void theLongestBindingIsHeld() throws Exception {
    String name = "i".repeat(128) + '@' + "g".repeat(128);
    for (SharedBinding longest : List.of(
        new SharedBinding(name.substring(1), Integer.MAX_VALUE, BindingText.MAX_END),
        new SharedBinding(name, Integer.MAX_VALUE, BindingText.MAX_END))) {
      user.flushall();
      assertThat(Wait.of(store.bind(KEY, null, longest)).status()).isEqualTo(Answer.Status.STORED);
      assertThat(Wait.of(store.bind(KEY, null, null)).binding()).isEqualTo(longest);
    }
    assertThat(user.strlen(REDIS_KEY)).isEqualTo(BindingText.MAX_LENGTH);
  }
}
