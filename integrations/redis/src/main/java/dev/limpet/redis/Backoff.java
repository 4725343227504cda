package dev.limpet.redis;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The pause before the next attempt, in milliseconds. It doubles each time, from 50..100 up to
 * 2,500..5,000.
 */
final class Backoff {
  private static final long FIRST = 100;
  private static final long LONGEST = 5_000;

  private long longest = FIRST; // guarded by this

  synchronized long next() {
    long now = longest;
    longest = Math.min(2 * longest, LONGEST);
    return ThreadLocalRandom.current().nextLong(now / 2, now + 1);
  }

  synchronized void reset() {
    longest = FIRST;
  }
}
