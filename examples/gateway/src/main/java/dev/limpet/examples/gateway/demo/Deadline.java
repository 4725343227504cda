package dev.limpet.examples.gateway.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** When to give up. */
final class Deadline {
  private static final long POLL_MILLIS = 20;

  private final long startNanos = System.nanoTime();
  private final long lengthNanos;

  private Deadline(Duration length) {
    this.lengthNanos = length.toNanos();
  }

  static Deadline in(Duration length) {
    return new Deadline(length);
  }

  boolean passed() {
    return System.nanoTime() - startNanos >= lengthNanos;
  }

  /** Waits until a condition holds. Returns whether it does. */
  boolean await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (passed()) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}
