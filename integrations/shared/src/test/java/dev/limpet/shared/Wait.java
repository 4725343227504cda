package dev.limpet.shared;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, or fails after a time. */
public final class Wait {

  /** How long to wait for something that must happen at some time: 20 s. */
  public static final Duration LONG = Duration.ofSeconds(20);

  private static final int POLL_MILLIS = 5;

  private Wait() {}

  /**
   * Waits until a condition holds.
   *
   * @param condition checked every 5 ms
   * @throws AssertionError if it does not hold within {@link #LONG}
   */
  public static void until(Callable<Boolean> condition) throws Exception {
    until(LONG, condition);
  }

  /**
   * Waits until a condition holds.
   *
   * @param most the longest time to wait
   * @param condition checked every 5 ms
   * @throws AssertionError if it does not hold in that time
   */
  public static void until(Duration most, Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > most.toNanos()) {
        throw new AssertionError("not within " + most);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * Waits for a stage, at most for {@link #LONG}.
   *
   * @param stage completes normally
   * @return its result
   */
  public static <T> T of(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }
}
