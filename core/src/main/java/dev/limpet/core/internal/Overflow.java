package dev.limpet.core.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers for a while that a table had no place for a session, which goes on by its rendezvous
 * choice and must find that again when a place is free. Thread-safe.
 */
public final class Overflow {
  private static final int RECORDS_PER_MEMORY = 1024;

  private final long memory;
  private final long slack;
  private final AtomicLong until = new AtomicLong();

  /**
   * Makes a memory of nothing.
   *
   * @param memory how long an overflow is remembered at least, in nanoseconds
   */
  public Overflow(long memory) {
    this.memory = memory;
    this.slack = memory / RECORDS_PER_MEMORY + 1;
  }

  /**
   * Records an overflow; writes at most once per 1/1024 of the memory, for the sake of other
   * readers.
   */
  public void record(long now) {
    if (until.get() < now + memory) {
      until.accumulateAndGet(now + memory + slack, Math::max);
    }
  }

  /** {@return whether there was an overflow that may still matter} */
  public boolean remembered(long now) {
    return now < until.get();
  }
}
