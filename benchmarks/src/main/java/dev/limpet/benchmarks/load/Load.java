package dev.limpet.benchmarks.load;

import java.util.concurrent.TimeUnit;

/**
 * The times at which requests are due: evenly spaced, and dealt to the connections in turns.
 *
 * @param rate the requests per second of all connections together
 * @param connections the number of connections
 * @param warmUpSeconds how long requests are sent before they count
 * @param seconds how long requests count
 */
record Load(int rate, int connections, int warmUpSeconds, int seconds) {

  /** Returns when a request is due, in nanoseconds after the first one. */
  long dueNanos(long request) {
    return request * TimeUnit.SECONDS.toNanos(1) / rate;
  }

  /** Returns the number of requests, including those that do not count. */
  long requests() {
    return uncounted() + counted();
  }

  long counted() {
    return (long) rate * seconds;
  }

  boolean counts(long request) {
    return request >= uncounted();
  }

  /** Returns when the last request has been due for its interval. */
  long endNanos() {
    return dueNanos(requests());
  }

  private long uncounted() {
    return (long) rate * warmUpSeconds;
  }
}
