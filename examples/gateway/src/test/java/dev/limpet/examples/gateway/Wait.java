package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Waits that end when they can, or fail. */
final class Wait {
  static final Duration LONG = Duration.ofSeconds(5);

  private static final int POLL_MILLIS = 10;

  private Wait() {}

  /** Waits for a latch, on a thread that is not the test's too. */
  static void until(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void until(Callable<Boolean> condition) throws Exception {
    until(LONG, condition);
  }

  static void until(Duration limit, Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new AssertionError("not within " + limit);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Waits until a count has begun and stands still for a while, and returns it. */
  static long untilSteady(LongSupplier count) throws Exception {
    long[] last = {0};
    long[] since = {System.nanoTime()};
    until(() -> {
      long now = count.getAsLong();
      if (now != last[0] || now == 0) {
        last[0] = now;
        since[0] = System.nanoTime();
      }
      return System.nanoTime() - since[0] > Duration.ofMillis(400).toNanos();
    });
    return last[0];
  }
}
