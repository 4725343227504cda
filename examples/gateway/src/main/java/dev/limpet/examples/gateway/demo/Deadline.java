package dev.limpet.examples.gateway.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A time at which to give up. */
public final class Deadline {
  private static final long POLL_MILLIS = 20;

  private final long startNanos = System.nanoTime();
  private final long lengthNanos;

  private Deadline(Duration length) {
    this.lengthNanos = length.toNanos();
  }

  /** Returns a deadline after some time. */
  public static Deadline in(Duration length) {
    return new Deadline(length);
  }

  /** Returns whether the deadline has passed. */
  public boolean passed() {
    return System.nanoTime() - startNanos >= lengthNanos;
  }

  /** Waits until a condition holds. Returns whether it does. */
  public boolean await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (passed()) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}
