package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Calls of many keys on one connection, while replies are delayed at random so that many come after
 * their deadline, or after their caller has gone.
 */
final class Delays {
  private static final int KEYS = 1_000;
  private static final int TOGETHER = 32;
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(200);

  private Delays() {}

  /** Fails if a call is answered with the binding of another key. */
  static void run(int calls) throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      fill(scene.store());
      proxy.delay(Delays::delay);
      OpenedStore store = scene.store(Duration.ofMillis(20), 4_096);
      while (asked(store.stats()) < calls) {
        check(store);
      }
      Wait.until(() -> store.inFlight() == 0);
      StoreStats stats = store.stats();
      assertThat(stats.answered()).isGreaterThan(calls / 20);
      assertThat(stats.count(StoreFault.DEADLINE)).isGreaterThan(calls / 100);
      assertThat(stats.count(StoreFault.FOREIGN_REPLY)).isZero();
      Wait.until(() -> store.stats().lateReplies() == stats.count(StoreFault.DEADLINE));
    }
  }

  private static void fill(OpenedStore store) throws Exception {
    for (long key = 1; key <= KEYS; key++) {
      Wait.of(store.bind(key, null, BrokenReplyTest.bindingOf(key)));
    }
  }

  /** One reply of a hundred is delayed by up to 200 ms, and all behind it wait. */
  private static long delay() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return random.nextInt(100) == 0 ? random.nextLong(LONGEST) : 0;
  }

  private static long asked(StoreStats stats) {
    return stats.answered() + stats.count(StoreFault.DEADLINE);
  }

  private static void check(OpenedStore store) throws Exception {
    List<Long> keys = new ArrayList<>();
    List<CompletionStage<StoreAnswer>> answers = new ArrayList<>();
    for (int i = 0; i < TOGETHER; i++) {
      long key = 1L + ThreadLocalRandom.current().nextInt(KEYS);
      keys.add(key);
      answers.add(
          (i % 2 == 0) ? store.find(key) : store.bind(key, null, BrokenReplyTest.bindingOf(key)));
    }
    for (int i = 0; i < TOGETHER; i++) {
      if (i % 8 == 0) {
        answers.get(i).toCompletableFuture().cancel(false);
      } else {
        BrokenReplyTest.assertRightOrNone(keys.get(i), Wait.of(answers.get(i)));
      }
    }
  }
}
