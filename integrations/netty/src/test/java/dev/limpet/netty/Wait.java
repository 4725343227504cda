package dev.limpet.netty;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what another thread or a socket does, and fails if it does not. */
final class Wait {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int POLL_MILLIS = 2;

  private Wait() {}

  /** Waits until something has a value. */
  static <T> void until(String name, T expected, Callable<T> actual) throws Exception {
    long start = System.nanoTime();
    T found = actual.call();
    while (!Objects.equals(found, expected)) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError(name + ": " + found + " (expected: " + expected + ")");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      found = actual.call();
    }
  }
}
