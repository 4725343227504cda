package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.BindingStore;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What proxies tell each other, through a real server. */
class MessagesTest {
  private static final long KEY = 0xFEDCBA9876543210L;
  private static final SharedBinding FIRST = StoreScene.first("web1");
  private static final SharedBinding SECOND = StoreScene.moved(FIRST, "web2");

  private RedisProcess server;
  private StoreScene scene;
  private StoreScene other;
  private OpenedStore store;
  private OpenedStore hearing;
  private RedisCommands<byte[], byte[]> user;
  private final Heard heard = new Heard();

  record Change(long key, int version) {}

  static final class Heard implements BindingStore.Listener {
    final List<Change> changes = new CopyOnWriteArrayList<>();
    final AtomicInteger reconnects = new AtomicInteger();

    @Override
    public void changed(long key, int version) {
      changes.add(new Change(key, version));
    }

    @Override
    public void reconnected() {
      reconnects.incrementAndGet();
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = RedisProcess.running();
    scene = StoreScene.connected(server.port());
    other = StoreScene.connected(server.port());
    user = StoreScene.user(scene.client, server.port());
    store = scene.store();
    hearing = other.store(heard);
    Wait.until(() -> heard.reconnects.get() == 1);
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
    other.close();
    server.close();
  }

  @Test
  void movesAndUnbinds_areHeardAndNothingElseIs() throws Exception {
    assertThat(Wait.of(store.find(KEY))).isEqualTo(StoreAnswer.ABSENT);
    bind(null, FIRST);
    bind(null, FIRST);
    bind(FIRST, FIRST);
    bind(FIRST, SECOND);
    bind(FIRST, SECOND);
    bind(FIRST, FIRST);
    unbind(FIRST);
    unbind(SECOND);

    hears(new Change(KEY, 2), new Change(KEY, 3));
    assertThat(hearing.stats().messages()).isEqualTo(3);
    assertThat(hearing.stats().badMessages()).isZero();
  }

  @Test
  void aMoveIsHeardAlsoIfRedisHadForgottenTheSession() throws Exception {
    bind(FIRST, SECOND);
    bind(SECOND, SECOND);
    user.flushall();
    bind(SECOND, SECOND);

    hears(new Change(KEY, 2));
  }

  @Test
  void anUnbindIsHeardAlsoIfRedisHadForgottenTheSession() throws Exception {
    unbind(SECOND);
    unbind(SharedBinding.of("web1", Integer.MAX_VALUE, 0));

    hears(new Change(KEY, 3), new Change(KEY, Integer.MAX_VALUE));
  }

  @Test
  void ofAnotherPoolNothingIsHeard() throws Exception {
    OpenedStore api = scene.store("api", StoreScene.SLIDING);
    Wait.of(api.bind(KEY, FIRST, SECOND));

    hears();
  }

  @Test
  void messagesThatNoProxySends_areCounted() throws Exception {
    List<String> bad = List.of(
        "",
        "x",
        "fedcba9876543210",
        "fedcba9876543210 ",
        "fedcba9876543210 0",
        "fedcba9876543210 01",
        "fedcba9876543210 2147483648",
        "fedcba9876543210 99999999999",
        "fedcba9876543210 -1",
        "fedcba9876543210  1",
        "fedcba9876543210:1",
        "fedcba9876543210 1 ",
        "FEDCBA9876543210 1",
        "0000000000000000 1",
        "edcba9876543210 1",
        "\u00ff".repeat(5_000));
    for (String message : bad) {
      user.publish(StoreScene.bytes("limpet:web"), StoreScene.bytes(message));
    }
    user.publish(StoreScene.bytes("limpet:web"), StoreScene.bytes("fedcba9876543210 2147483647"));

    hears(new Change(KEY, Integer.MAX_VALUE));
    assertThat(hearing.stats().badMessages()).isEqualTo(bad.size());
  }

  @Test
  void afterABrokenConnection_messagesAreHeardAgain() throws Exception {
    user.clientKill(KillArgs.Builder.typePubsub());

    Wait.until(() -> heard.reconnects.get() == 2);
    bind(FIRST, SECOND);
    hears(new Change(KEY, 2));
  }

  @Test
  void aBrokenConnectionForScripts_isToldOf() throws Exception {
    user.clientKill(KillArgs.Builder.typeNormal().skipme());

    Wait.until(() -> heard.reconnects.get() == 2);
    assertThat(other.link.isConnected()).isTrue();
  }

  @Test
  void aSubscriptionThatIsRefusedIsTriedAgain() throws Exception {
    Heard late = new Heard();
    user.aclSetuser("default", AclSetuserArgs.Builder.resetChannels());
    OpenedStore api = other.store("api", late);
    Wait.of(api.find(KEY + 1));
    assertThat(late.reconnects).hasValue(0);

    user.aclSetuser("default", AclSetuserArgs.Builder.allChannels());

    Wait.until(() -> late.reconnects.get() == 1);
  }

  /** Another message comes after all that were to be heard, so nothing is missed by being late. */
  private void hears(Change... changes) throws Exception {
    Change last = new Change(0xFFFFL, 2);
    Wait.of(store.bind(last.key, FIRST, SECOND));
    Wait.until(() -> heard.changes.contains(last));
    assertThat(heard.changes.subList(0, heard.changes.size() - 1)).containsExactly(changes);
  }

  private void bind(SharedBinding expected, SharedBinding candidate) throws Exception {
    assertThat(Wait.of(store.bind(KEY, expected, candidate))).isNotEqualTo(StoreAnswer.UNAVAILABLE);
  }

  private void unbind(SharedBinding expected) throws Exception {
    assertThat(Wait.of(store.unbind(KEY, expected))).isNotEqualTo(StoreAnswer.UNAVAILABLE);
  }
}
