package dev.limpet.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits that end when they can, or fail. */
final class Await {
  private static final int POLL_MILLIS = 2;

  private Await() {}

  /**
   * Waits until something has a value.
   *
   * @param name what has the value, for the message
   * @param expected the value
   * @param most how long to wait at most
   * @param actual looked at again and again
   * @throws AssertionError if it has another value all that time
   */
  static <T> void value(String name, T expected, Duration most, Callable<T> actual)
      throws Exception {
    long start = System.nanoTime();
    T found = actual.call();
    while (!Objects.equals(found, expected)) {
      if (System.nanoTime() - start > most.toNanos()) {
        throw new AssertionError(
            name + ": " + found + " (expected: " + expected + " within " + most + ")");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      found = actual.call();
    }
  }
}
