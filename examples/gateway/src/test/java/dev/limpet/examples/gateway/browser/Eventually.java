package dev.limpet.examples.gateway.browser;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;

/** Waits for another process: for what a page shows, or what a gateway answers. */
final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int POLL_MILLIS = 50;

  private Eventually() {}

  /** Waits until a condition holds; an element that is not there yet means that it does not. */
  static void holds(String what, Callable<Boolean> condition) throws Exception {
    holds(what, LIMIT, condition);
  }

  static void holds(String what, Duration limit, Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!isTrue(condition)) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean isTrue(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (NoSuchElementException | StaleElementReferenceException notYet) {
      return false;
    }
  }
}
