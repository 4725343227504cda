package dev.limpet.redis;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits that end when they can, or fail. */
final class Wait {
  static final Duration LONG = Duration.ofSeconds(20);

  private static final int POLL_MILLIS = 5;

  private Wait() {}

  static void until(Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > LONG.toNanos()) {
        throw new AssertionError("not within " + LONG);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  static <T> T of(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }
}
