package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a reply, an answer is right or absent. */
class BrokenReplyTest {
  private static final int KEYS = 40;

  private RedisProcess server;
  private FaultProxy proxy;
  private StoreScene scene;
  private OpenedStore store;

  @BeforeEach
  void start() throws Exception {
    server = RedisProcess.running();
    proxy = new FaultProxy(server.port());
    scene = StoreScene.connected(proxy.port());
    store = scene.store();
    for (long key = 1; key <= KEYS; key++) {
      Wait.of(store.bind(key, null, bindingOf(key)));
    }
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
    proxy.close();
    server.close();
  }

  @Test
  void repliesSplitAtEveryByte_areRead() throws Exception {
    proxy.toAll((reply, to) -> {
      for (byte b : reply) {
        to.write(b);
        to.flush();
      }
    });
    for (long key = 1; key <= KEYS; key++) {
      assertThat(Wait.of(store.find(key)).binding()).isEqualTo(bindingOf(key));
    }
  }

  @Test
  void repliesSplitAtOneByte_areRead() throws Exception {
    AtomicInteger at = new AtomicInteger();
    proxy.toScripts((reply, to) -> {
      int split = at.getAndIncrement() % reply.length;
      to.write(reply, 0, split);
      to.flush();
      to.write(reply, split, reply.length - split);
    });
    for (int i = 0; i < 100; i++) {
      long key = 1L + i % KEYS;
      assertThat(Wait.of(store.find(key)).binding()).isEqualTo(bindingOf(key));
    }
  }

  @Test
  void connectionsCutAtEveryByteOfAReply_giveNoWrongAnswer() throws Exception {
    AtomicInteger length = new AtomicInteger(1);
    long broken = 0;
    for (int cut = 0; cut <= length.get(); cut++) {
      int at = cut;
      proxy.toScripts((reply, to) -> {
        length.set(reply.length);
        to.write(reply, 0, Math.min(at, reply.length));
        to.flush();
        to.close();
      });
      try (RedisLink link = RedisLink.of(scene.client, StoreScene.uri(proxy.port()))) {
        Wait.until(link::isConnected);
        OpenedStore other = new OpenedStore(StoreScene.patient(link, "web"), StoreScene.SLIDING);
        StoreAnswer answer = Wait.of(other.find(3));
        assertThat(answer.binding()).isEqualTo(cut < length.get() ? null : bindingOf(3));
        broken += other.stats().count(StoreFault.CONNECTION);
      }
    }
    assertThat(length.get()).isGreaterThan(50);
    assertThat(broken).isEqualTo(length.get());
  }

  @Test
  void aReplyThatComesTwice_isGivenToNobodyElse() throws Exception {
    proxy.toScripts((reply, to) -> {
      proxy.toAll(FaultProxy.NONE);
      to.write(reply);
      to.write(reply);
    });
    for (int round = 0; round < 5; round++) {
      for (long key = 1; key <= KEYS; key++) {
        assertRightOrNone(key, Wait.of(store.find(key)));
      }
    }
    assertThat(store.stats().count(StoreFault.FOREIGN_REPLY)).isEqualTo(1);
    Wait.until(() -> bindingOf(1).equals(Wait.of(store.find(1)).binding()));
  }

  @Test
  void aReplyThatIsLost_leavesTheOthersToTheirCalls() throws Exception {
    proxy.toScripts((reply, to) -> proxy.toAll(FaultProxy.NONE));
    var lost = store.find(1);
    var next = store.find(2);

    assertThat(Wait.of(lost)).isEqualTo(StoreAnswer.UNAVAILABLE);
    assertThat(Wait.of(next)).isEqualTo(StoreAnswer.UNAVAILABLE);
    assertThat(store.stats().count(StoreFault.FOREIGN_REPLY)).isEqualTo(1);
    Wait.until(() -> bindingOf(2).equals(Wait.of(store.find(2)).binding()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+OK\r\n",
        ":5\r\n",
        "$-1\r\n",
        "_\r\n",
        "*0\r\n",
        "*-1\r\n",
        "#t\r\n",
        ",1.5\r\n",
        "*5\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n",
        "*5\r\n$8\r\n01234567\r\n:2\r\n$0\r\n\r\n:0\r\n:0\r\n",
        "%1\r\n+a\r\n+b\r\n",
        "~1\r\n:1\r\n",
        "*5\r\n*1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n",
        "(12345678901234567890\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\u0000\u00ff\u00fe\r\n\r\n"
      })
  void repliesThatNoScriptGives_areNoAnswer(String garbage) throws Exception {
    proxy.toScripts((reply, to) -> {
      proxy.toAll(FaultProxy.NONE);
      to.write(StoreScene.bytes(garbage));
    });
    var first = store.find(1);
    var second = store.find(2);

    assertRightOrNone(1, Wait.of(first));
    assertRightOrNone(2, Wait.of(second));
    Wait.until(() -> bindingOf(1).equals(Wait.of(store.find(1)).binding()));
    assertThat(store.stats().answered()).isPositive();
  }

  @Test
  void aReplyThatNeverEnds_costsItsConnection() throws Exception {
    OpenedStore impatient = scene.store(Duration.ofMillis(50), 100);
    proxy.toScripts((reply, to) -> {
      proxy.toAll(FaultProxy.NONE);
      to.write(StoreScene.bytes("*2147483647\r\n:1\r\n"));
    });
    assertThat(Wait.of(impatient.find(1))).isEqualTo(StoreAnswer.UNAVAILABLE);

    Wait.until(() -> bindingOf(1).equals(Wait.of(impatient.find(1)).binding()));

    assertThat(impatient.inFlight()).isZero();
    assertThat(impatient.stats().count(StoreFault.BREAKER_OPEN)).isPositive();
  }

  static SharedBinding bindingOf(long key) {
    return StoreScene.first("web" + key);
  }

  static void assertRightOrNone(long key, StoreAnswer answer) {
    if (answer.status() == StoreAnswer.Status.UNAVAILABLE) {
      assertThat(answer).isEqualTo(StoreAnswer.UNAVAILABLE);
    } else {
      assertThat(answer.binding()).isEqualTo(bindingOf(key));
    }
  }
}
