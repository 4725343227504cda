package dev.limpet.core.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers for some time that a session found no slot in a table. Such a session is served by its
 * rendezvous choice, and must get the same backend when a slot is free again. Thread-safe.
 */
public final class Overflow {
  private static final int RECORDS_PER_MEMORY = 1024;

  private final long memory;
  private final long slack;
  private final AtomicLong until = new AtomicLong();

  /**
   * Starts without an overflow.
   *
   * @param memory how long, at least, an overflow is remembered, in nanoseconds
   */
  public Overflow(long memory) {
    this.memory = memory;
    this.slack = memory / RECORDS_PER_MEMORY + 1;
  }

  /**
   * Records an overflow. Writes at most once per 1/1024 of the memory, so that other threads can
   * read from their caches.
   */
  public void record(long now) {
    if (until.get() < now + memory) {
      until.accumulateAndGet(now + memory + slack, Math::max);
    }
  }

  /** Returns whether there was an overflow that is still remembered. */
  public boolean remembered(long now) {
    return now < until.get();
  }
}
