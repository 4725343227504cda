package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.redis.GoldenBindings.Entry;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proxies of different versions share a real server. */
class GoldenBindingsTest {
  private static final String VERSIONS = "dev.limpet.redis.GoldenBindings#versions";
  private static final int VERSION_AT = 0;

  private static RedisProcess server;
  private static StoreScene scene;
  private static RedisCommands<byte[], byte[]> user;

  private final List<String> heard = new ArrayList<>();
  private final RedisStore store = StoreScene.patient(scene.link, GoldenBindings.POOL);
  private final BindingStore.Bindings bindings = store.open(
      Retention.of(StoreScene.SLIDING), GoldenBindings.ENVIRONMENT, new BindingStore.Listener() {
        @Override
        public void changed(long key, int version) {
          hear(key + " " + version);
        }

        @Override
        public void reconnected() {
          hear("connected");
        }
      });

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

  @AfterEach
  void empty() {
    user.flushall();
  }

  private synchronized void hear(String message) {
    heard.add(message);
  }

  private synchronized boolean hasHeard(String message) {
    return heard.contains(message);
  }

  @ParameterizedTest
  @MethodSource(VERSIONS)
  void bindingsOfEarlierVersions_areFound(String version) throws Exception {
    List<Entry> entries = stored(version);

    assertThat(entries).hasSize(GoldenBindings.BINDINGS.size());
    for (int i = 0; i < entries.size(); i++) {
      StoreAnswer answer = Wait.of(bindings.find(GoldenBindings.key(i)));
      assertThat(answer.status()).isEqualTo(StoreAnswer.Status.HELD);
      assertThat(answer.binding()).isEqualTo(GoldenBindings.BINDINGS.get(i));
    }
    assertThat(store.stats().garbage()).isZero();
  }

  @ParameterizedTest
  @MethodSource(VERSIONS)
  void bindingsOfEarlierVersions_areReplacedByMovesAlone(String version) throws Exception {
    stored(version);
    SharedBinding old = GoldenBindings.BINDINGS.get(1);
    SharedBinding moved = SharedBinding.of("web9", old.version() + 1, 0);

    assertThat(Wait.of(bindings.bind(GoldenBindings.key(1), null, StoreScene.first("web9")))
            .binding())
        .isEqualTo(old);
    assertThat(Wait.of(bindings.bind(GoldenBindings.key(1), old, moved)).binding())
        .isEqualTo(moved);
  }

  @ParameterizedTest
  @MethodSource(VERSIONS)
  void valueWithAnotherByte_isAbsentAndCounted(String version) throws Exception {
    List<Entry> entries = stored(version);
    Entry entry = entries.get(1);
    for (int at = 0; at < entry.value().length; at++) {
      byte[] changed = entry.value().clone();
      changed[at] ^= 1;
      user.set(entry.key(), changed);
      assertThat(Wait.of(bindings.find(GoldenBindings.key(1))))
          .as("byte %d", at)
          .isEqualTo(StoreAnswer.ABSENT);
    }
    assertThat(store.stats().garbage()).isEqualTo(entry.value().length);
  }

  @Test
  void valueOfTheNextFormat_isAbsentAndCounted_andReplaced() throws Exception {
    Entry entry = stored(GoldenBindings.NEWEST).get(0);
    byte[] next = entry.value().clone();
    next[VERSION_AT]++;
    user.set(entry.key(), next);

    assertThat(Wait.of(bindings.find(GoldenBindings.key(0)))).isEqualTo(StoreAnswer.ABSENT);
    assertThat(store.stats().garbage()).isEqualTo(1);

    SharedBinding own = StoreScene.first("web9");
    assertThat(Wait.of(bindings.bind(GoldenBindings.key(0), null, own)).binding())
        .isEqualTo(own);
    assertThat(store.stats().garbage()).isEqualTo(2);
  }

  @Test
  void whatIsWrittenNow_isWhatTheNewestFileHas() throws Exception {
    List<Entry> entries = GoldenBindings.entries(GoldenBindings.NEWEST);
    for (int i = 0; i < entries.size(); i++) {
      Wait.of(bindings.bind(GoldenBindings.key(i), null, GoldenBindings.BINDINGS.get(i)));
      assertThat(user.get(entries.get(i).key())).isEqualTo(entries.get(i).value());
    }
    assertThat(user.dbsize()).isEqualTo(entries.size());
  }

  @Test
  void messages_areThoseOfEarlierVersions() throws Exception {
    Wait.until(() -> hasHeard("connected"));
    user.publish(StoreScene.bytes("limpet:web"), StoreScene.bytes("00000000000000ff 2147483647"));

    Wait.until(() -> hasHeard("255 2147483647"));
  }

  private static List<Entry> stored(String version) {
    List<Entry> entries = GoldenBindings.entries(version);
    entries.forEach(entry -> user.set(entry.key(), entry.value()));
    return entries;
  }
}
