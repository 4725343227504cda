package dev.limpet.examples.gateway.backend;

import java.util.concurrent.atomic.LongAdder;

/** Counts what backends did wrong. Safe for use by many threads at once. */
public final class BackendCounts {
  private final LongAdder surpluses = new LongAdder();
  private final LongAdder timeouts = new LongAdder();

  /** Makes counts of zero. */
  public BackendCounts() {}

  /** Counts a connection on which bytes came that were no part of an answer. */
  void surplus() {
    surpluses.increment();
  }

  /** Counts a request that got no answer in time. */
  public void timeout() {
    timeouts.increment();
  }

  /** Returns how many connections were closed because of bytes that were no part of an answer. */
  public long surpluses() {
    return surpluses.sum();
  }

  /** Returns how many requests got no answer in time. */
  public long timeouts() {
    return timeouts.sum();
  }
}
