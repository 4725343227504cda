package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.BindingStore;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Redis is down, dies, hangs, and comes back. */
class StoreOutageTest {
  private static final SharedBinding FIRST = StoreScene.first("web1");
  private static final SharedBinding SECOND = StoreScene.moved(FIRST, "web2");

  @Test
  void downAtStart_isKnownAtOnceAndConnectsLater() throws Exception {
    int port = RedisProcess.freePort();
    try (StoreScene scene = StoreScene.at(port)) {
      OpenedStore store = scene.store();
      CompletionStage<StoreAnswer> answer = store.bind(1, null, FIRST);

      assertThat(answer.toCompletableFuture()).isCompletedWithValue(StoreAnswer.UNAVAILABLE);
      assertThat(scene.link.isConnected()).isFalse();
      assertThat(store.stats().count(StoreFault.NOT_CONNECTED)).isEqualTo(1);
      assertThat(store.store().isConnected()).isFalse();

      try (RedisProcess server = RedisProcess.runningAt(port)) {
        Wait.until(scene.link::isConnected);
        assertThat(Wait.of(store.bind(1, null, FIRST)).status())
            .isEqualTo(StoreAnswer.Status.STORED);
        assertThat(server.port()).isEqualTo(port);
      }
    }
  }

  @Test
  void tableThatIsOpenedDuringAnOutage_hearsChangesAfterIt() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        StoreScene scene = StoreScene.connected(server.port())) {
      MessagesTest.Heard before = new MessagesTest.Heard();
      scene.store(before);
      Wait.until(() -> before.reconnects.get() > 0);
      server.kill();
      Wait.until(() -> !scene.link.isConnected());
      MessagesTest.Heard heard = new MessagesTest.Heard();
      OpenedStore store = scene.store("api", heard);

      server.start();

      Wait.until(
          () -> Wait.of(store.bind(1, FIRST, SECOND)).status() != StoreAnswer.Status.UNAVAILABLE);
      Wait.until(() -> {
        Wait.of(store.unbind(1, SECOND));
        return heard.changes.contains(new MessagesTest.Change(1, 3));
      });
    }
  }

  @Test
  void dyingUnderLoad_endsEveryCallAndComesBackWithoutARestart() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        StoreScene scene = StoreScene.connected(server.port())) {
      AtomicInteger reconnects = new AtomicInteger();
      RedisStore redis =
          scene.builder().deadline(Duration.ofMillis(500)).maxInFlight(200).build();
      OpenedStore store = new OpenedStore(redis, StoreScene.SLIDING, counting(reconnects));
      Wait.until(() -> reconnects.get() == 1);
      List<CompletionStage<StoreAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 4_000; i++) {
        answers.add(store.bind(i + 1, null, FIRST));
        assertThat(store.inFlight()).isLessThanOrEqualTo(200);
        if (i == 2_000) {
          server.kill();
        }
      }
      for (CompletionStage<StoreAnswer> answer : answers) {
        Wait.of(answer);
      }
      Wait.until(() -> store.inFlight() == 0);
      assertThat(store.stats().calls()).isEqualTo(4_000);
      int before = reconnects.get();

      server.start();

      Wait.until(
          () -> Wait.of(store.bind(1, null, FIRST)).status() != StoreAnswer.Status.UNAVAILABLE);
      Wait.until(() -> reconnects.get() >= before + 2);
    }
  }

  @Test
  void hanging_boundsTheTimeOfACallAndTheirNumber() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      OpenedStore store = scene.store(Duration.ofMillis(500), 50);
      proxy.holdRequests();
      long start = System.nanoTime();
      List<CompletionStage<StoreAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        answers.add(store.bind(i + 1, null, FIRST));
      }
      assertThat(store.inFlight()).isEqualTo(50);
      for (CompletionStage<StoreAnswer> answer : answers) {
        assertThat(Wait.of(answer)).isEqualTo(StoreAnswer.UNAVAILABLE);
      }

      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      assertThat(store.stats().count(StoreFault.TOO_MANY)).isEqualTo(450);
      assertThat(store.stats().count(StoreFault.DEADLINE)).isEqualTo(50);
      assertThat(store.inFlight()).isEqualTo(50);

      proxy.letRequestsGo();

      Wait.until(() -> store.stats().lateReplies() == 50);
      assertThat(store.inFlight()).isZero();
      Wait.until(() -> Wait.of(store.bind(1, null, FIRST)).status() == StoreAnswer.Status.HELD);
    }
  }

  @Test
  void hanging_opensTheBreaker() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      OpenedStore store = scene.store(Duration.ofMillis(5), 1_000);
      proxy.holdRequests();

      for (int i = 0; i < Breaker.FAILURES; i++) {
        Wait.of(store.bind(1, null, FIRST));
      }
      CompletionStage<StoreAnswer> refused = store.bind(1, null, FIRST);

      assertThat(refused.toCompletableFuture()).isCompletedWithValue(StoreAnswer.UNAVAILABLE);
      assertThat(store.stats().count(StoreFault.DEADLINE)).isEqualTo(Breaker.FAILURES);
      assertThat(store.stats().count(StoreFault.BREAKER_OPEN)).isEqualTo(1);
      assertThat(store.store().isBreakerOpen()).isTrue();
      assertThat(store.store().isConnected()).isTrue();

      proxy.letRequestsGo();

      Wait.until(() -> Wait.of(store.find(1)).status() != StoreAnswer.Status.UNAVAILABLE);
      assertThat(store.store().isBreakerOpen()).isFalse();
    }
  }

  @Test
  void slow_keepsTheDeadlineAndIgnoresTheLateReply() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      OpenedStore store = scene.store(Duration.ofMillis(20), 50);
      Wait.of(scene.store().find(1));
      proxy.delay(() -> TimeUnit.SECONDS.toNanos(2));
      long start = System.nanoTime();

      assertThat(Wait.of(store.bind(1, null, FIRST))).isEqualTo(StoreAnswer.UNAVAILABLE);

      assertThat(System.nanoTime() - start)
          .isBetween(TimeUnit.MILLISECONDS.toNanos(20), TimeUnit.MILLISECONDS.toNanos(1_500));
      assertThat(store.stats().lateReplies()).isZero();
      Wait.until(() -> store.stats().lateReplies() == 1);
      proxy.delay(() -> 0);
      Wait.until(() -> FIRST.equals(Wait.of(store.find(1)).binding()));
    }
  }

  @Test
  void aLateWrite_overwritesNothingNewer() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene slow = StoreScene.connected(proxy.port());
        StoreScene quick = StoreScene.connected(server.port())) {
      OpenedStore late = slow.store(Duration.ofMillis(20), 50);
      OpenedStore store = quick.store();
      Wait.of(store.bind(1, null, FIRST));
      Wait.of(store.bind(2, null, FIRST));
      proxy.holdRequests();
      Wait.of(late.bind(1, FIRST, StoreScene.moved(FIRST, "web9")));
      Wait.of(late.bind(2, null, StoreScene.first("web9")));
      Wait.of(late.unbind(1, FIRST));
      Wait.of(store.bind(1, FIRST, SECOND));

      proxy.letRequestsGo();

      Wait.until(() -> late.stats().lateReplies() == 3);
      assertThat(Wait.of(store.find(1)).binding()).isEqualTo(SECOND);
      assertThat(Wait.of(store.find(2)).binding()).isEqualTo(FIRST);
    }
  }

  @Test
  void afterClose_thereIsNoAnswerAndNoConnection() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        StoreScene scene = StoreScene.connected(server.port())) {
      OpenedStore store = scene.store();
      Wait.of(store.bind(1, null, FIRST));
      var user = StoreScene.user(scene.client, server.port());

      scene.link.close();

      assertThat(store.bind(1, null, FIRST).toCompletableFuture())
          .isCompletedWithValue(StoreAnswer.UNAVAILABLE);
      Wait.until(() -> user.clientList().lines().count() == 1);
    }
  }

  @Test
  void closingTwiceWhileCallsAreUnderWay_endsThemAllAndLeavesNoThread() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    ClientResources resources =
        RedisLink.resources().threadFactoryProvider(pool -> keptIn(threads)).build();
    Queue<CompletionStage<StoreAnswer>> answers = new ConcurrentLinkedQueue<>();
    ExecutorService users = Executors.newFixedThreadPool(6);
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port(), resources)) {
      OpenedStore store = scene.store(StoreScene.PATIENT, 4_000);
      proxy.holdRequests();
      for (int user = 0; user < 4; user++) {
        users.execute(() -> {
          for (int i = 1; i <= 1_000; i++) {
            answers.add(store.bind(i, null, FIRST));
          }
        });
      }
      Wait.until(() -> store.inFlight() >= 100);
      users.execute(scene.link::close);
      users.execute(scene.link::close);

      users.shutdown();
      assertThat(users.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      assertThat(answers).hasSize(4_000);
      for (CompletionStage<StoreAnswer> answer : answers) {
        assertThat(Wait.of(answer)).isEqualTo(StoreAnswer.UNAVAILABLE);
      }
      Wait.until(() -> store.inFlight() == 0);
      assertThat(store.stats().count(StoreFault.DEADLINE)).isZero();
    }
    resources.shutdown(0, 5, TimeUnit.SECONDS).get();
    assertThat(threads).isNotEmpty();
    Wait.until(() -> threads.stream().noneMatch(Thread::isAlive));
  }

  private static ThreadFactory keptIn(List<Thread> threads) {
    return work -> {
      Thread thread = new Thread(work);
      thread.setDaemon(true);
      threads.add(thread);
      return thread;
    };
  }

  static BindingStore.Listener counting(AtomicInteger reconnects) {
    return new BindingStore.Listener() {
      @Override
      public void changed(long key, int version) {}

      @Override
      public void reconnected() {
        reconnects.incrementAndGet();
      }
    };
  }
}
