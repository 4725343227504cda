package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final SharedBinding FIRST = SharedBinding.first("web1", 0);
  private static final SharedBinding SECOND = FIRST.movedTo("web2");

  @Test
  void downAtStart_isKnownAtOnceAndConnectsLater() throws Exception {
    int port = RedisProcess.freePort();
    try (StoreScene scene = StoreScene.at(port)) {
      RedisStore store = scene.store();
      CompletionStage<Answer> answer = store.bind(1, null, FIRST);

      assertThat(answer.toCompletableFuture()).isCompletedWithValue(Answer.UNAVAILABLE);
      assertThat(scene.link.isConnected()).isFalse();
      assertThat(scene.stats().count(StoreFault.NOT_CONNECTED)).isEqualTo(1);

      try (RedisProcess server = RedisProcess.runningAt(port)) {
        Wait.until(scene.link::isConnected);
        assertThat(Wait.of(store.bind(1, null, FIRST)).status()).isEqualTo(Answer.Status.STORED);
        assertThat(server.port()).isEqualTo(port);
      }
    }
  }

  @Test
  void dyingUnderLoad_endsEveryCallAndComesBackWithoutARestart() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        StoreScene scene = StoreScene.connected(server.port())) {
      RedisStore store = scene.store(Duration.ofMillis(500), 200);
      AtomicInteger reconnects = new AtomicInteger();
      store.listen(counting(reconnects));
      Wait.until(() -> reconnects.get() == 1);
      List<CompletionStage<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 4_000; i++) {
        answers.add(store.bind(i + 1, null, FIRST));
        assertThat(store.inFlight()).isLessThanOrEqualTo(200);
        if (i == 2_000) {
          server.kill();
        }
      }
      for (CompletionStage<Answer> answer : answers) {
        Wait.of(answer);
      }
      Wait.until(() -> store.inFlight() == 0);
      assertThat(scene.stats().calls()).isEqualTo(4_000);
      int before = reconnects.get();

      server.start();

      Wait.until(() -> Wait.of(store.bind(1, null, FIRST)).status() != Answer.Status.UNAVAILABLE);
      Wait.until(() -> reconnects.get() >= before + 2);
    }
  }

  @Test
  void hanging_boundsTheTimeOfACallAndTheirNumber() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      RedisStore store = scene.store(Duration.ofMillis(500), 50);
      proxy.holdRequests();
      long start = System.nanoTime();
      List<CompletionStage<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        answers.add(store.bind(i + 1, null, FIRST));
      }
      assertThat(store.inFlight()).isEqualTo(50);
      for (CompletionStage<Answer> answer : answers) {
        assertThat(Wait.of(answer)).isEqualTo(Answer.UNAVAILABLE);
      }

      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      assertThat(scene.stats().count(StoreFault.TOO_MANY)).isEqualTo(450);
      assertThat(scene.stats().count(StoreFault.DEADLINE)).isEqualTo(50);
      assertThat(store.inFlight()).isEqualTo(50);

      proxy.letRequestsGo();

      Wait.until(() -> scene.stats().lateReplies() == 50);
      assertThat(store.inFlight()).isZero();
      Wait.until(() -> Wait.of(store.bind(1, null, FIRST)).status() == Answer.Status.HELD);
    }
  }

  @Test
  void hanging_opensTheBreaker() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      RedisStore store = scene.store(Duration.ofMillis(5), 1_000);
      proxy.holdRequests();

      for (int i = 0; i < Breaker.FAILURES; i++) {
        Wait.of(store.bind(1, null, FIRST));
      }
      CompletionStage<Answer> refused = store.bind(1, null, FIRST);

      assertThat(refused.toCompletableFuture()).isCompletedWithValue(Answer.UNAVAILABLE);
      assertThat(scene.stats().count(StoreFault.DEADLINE)).isEqualTo(Breaker.FAILURES);
      assertThat(scene.stats().count(StoreFault.BREAKER_OPEN)).isEqualTo(1);
    }
  }

  @Test
  void slow_keepsTheDeadlineAndIgnoresTheLateReply() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      RedisStore store = scene.store(Duration.ofMillis(20), 50);
      Wait.of(scene.store().bind(1, null, null));
      proxy.delay(() -> TimeUnit.SECONDS.toNanos(2));
      long start = System.nanoTime();

      assertThat(Wait.of(store.bind(1, null, FIRST))).isEqualTo(Answer.UNAVAILABLE);

      assertThat(System.nanoTime() - start)
          .isBetween(TimeUnit.MILLISECONDS.toNanos(20), TimeUnit.MILLISECONDS.toNanos(1_500));
      assertThat(scene.stats().lateReplies()).isZero();
      Wait.until(() -> scene.stats().lateReplies() == 1);
      proxy.delay(() -> 0);
      Wait.until(() -> FIRST.equals(Wait.of(store.bind(1, null, null)).binding()));
    }
  }

  @Test
  void aLateWrite_overwritesNothingNewer() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene slow = StoreScene.connected(proxy.port());
        StoreScene quick = StoreScene.connected(server.port())) {
      RedisStore late = slow.store(Duration.ofMillis(20), 50);
      RedisStore store = quick.store();
      Wait.of(store.bind(1, null, FIRST));
      Wait.of(store.bind(2, null, FIRST));
      proxy.holdRequests();
      Wait.of(late.bind(1, FIRST, FIRST.movedTo("web9")));
      Wait.of(late.bind(2, null, SharedBinding.first("web9", 0)));
      Wait.of(late.unbind(1, FIRST));
      Wait.of(store.bind(1, FIRST, SECOND));

      proxy.letRequestsGo();

      Wait.until(() -> slow.stats().lateReplies() == 3);
      assertThat(Wait.of(store.bind(1, null, null)).binding()).isEqualTo(SECOND);
      assertThat(Wait.of(store.bind(2, null, null)).binding()).isEqualTo(FIRST);
    }
  }

  @Test
  void afterClose_thereIsNoAnswerAndNoConnection() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        StoreScene scene = StoreScene.connected(server.port())) {
      RedisStore store = scene.store();
      Wait.of(store.bind(1, null, FIRST));
      var user = StoreScene.user(scene.client, server.port());

      scene.link.close();

      assertThat(store.bind(1, null, FIRST).toCompletableFuture())
          .isCompletedWithValue(Answer.UNAVAILABLE);
      Wait.until(() -> user.clientList().lines().count() == 1);
    }
  }

  @Test
  void closingTwiceWhileCallsAreUnderWay_endsThemAllAndLeavesNoThread() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    ClientResources resources =
        RedisLink.resources().threadFactoryProvider(pool -> keptIn(threads)).build();
    Queue<CompletionStage<Answer>> answers = new ConcurrentLinkedQueue<>();
    ExecutorService users = Executors.newFixedThreadPool(6);
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port(), resources)) {
      RedisStore store = scene.store(Duration.ofHours(1), 4_000);
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
      for (CompletionStage<Answer> answer : answers) {
        assertThat(Wait.of(answer)).isEqualTo(Answer.UNAVAILABLE);
      }
      Wait.until(() -> store.inFlight() == 0);
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
