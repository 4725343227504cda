package dev.limpet.core;

/**
 * Remembers for a while that a table had no place for a session, which goes on by its rendezvous choice
 * and must find that again when a place is free. Thread-safe.
 */
final class Overflow {
  private static final int RECORDS_PER_MEMORY = 1024;

  private final long memory;
  private volatile long until;

  /**
   * Makes a memory of nothing.
   *
   * @param memory how long an overflow is remembered at least, in nanoseconds
   */
  Overflow(long memory) {
    this.memory = memory;
  }

  /** Records an overflow; writes at most once per 1/1024 of the memory, for the sake of other readers. */
  void record(long now) {
    long slack = memory / RECORDS_PER_MEMORY;
    if (until < now + memory) {
      until = now + memory + slack + 1;
    }
  }

  /** Returns whether there was an overflow that may still matter. */
  boolean remembered(long now) {
    return now < until;
  }
}
