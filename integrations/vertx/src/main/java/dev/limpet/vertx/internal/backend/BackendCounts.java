package dev.limpet.vertx.internal.backend;

import java.util.concurrent.atomic.LongAdder;

/** Counts the faults of backends. Safe for use by many threads at once. */
public final class BackendCounts {
  private final LongAdder surpluses = new LongAdder();
  private final LongAdder timeouts = new LongAdder();

  /** Makes counters of zero. */
  public BackendCounts() {}

  /** Counts a connection on which bytes arrived that did not belong to a response. */
  void surplus() {
    surpluses.increment();
  }

  /** Counts a request that got no response in time. */
  public void timeout() {
    timeouts.increment();
  }

  /**
   * Returns the number of connections that were closed because of bytes that did not belong to a
   * response.
   */
  public long surpluses() {
    return surpluses.sum();
  }

  /** Returns the number of requests that got no response in time. */
  public long timeouts() {
    return timeouts.sum();
  }
}
