package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/** The failures of a backend in a row, since it was last reported up or readmitted. Thread-safe. */
final class FailureStreak {
  /*
   * Each ejection and each return of a backend begins a new streak. Requests that were routed
   * before report to the old one, which nobody reads. So a report about an earlier state of the
   * backend changes nothing.
   *
   * A backend without failures has no array, and its successes cost one volatile read.
   */

  private static final long CALM_NANOS = 300_000_000_000L;

  private final int ejections;
  private final long since;
  private long @Nullable [] times;
  private int next;
  private int count;
  private volatile boolean isEmpty = true;

  private FailureStreak(int ejections, long since) {
    this.ejections = ejections;
    this.since = since;
  }

  /** {@return the streak of a backend that was never ejected} */
  static FailureStreak fresh() {
    return new FailureStreak(0, 0);
  }

  /**
   * {@return the streak of a backend after an ejection}
   *
   * @param ejections the number of ejections without a calm time between them
   * @param now the time
   */
  static FailureStreak after(int ejections, long now) {
    return new FailureStreak(ejections, now);
  }

  /** {@return the number of ejections in a row, if the backend is ejected now} */
  int nextEjection(long now) {
    return (ejections == 0 || now - since >= CALM_NANOS) ? 1 : ejections + 1;
  }

  boolean isFresh() {
    return isEmpty && ejections == 0;
  }

  /** Ends the streak, after a success. */
  void end() {
    if (!isEmpty) {
      clear();
    }
  }

  private synchronized void clear() {
    count = 0;
    isEmpty = true;
  }

  /**
   * Adds a failure. Returns whether the streak now has a number of failures in a time; it then
   * begins again.
   */
  synchronized boolean add(long now, int limit, long withinNanos) {
    if (times == null) {
      times = new long[limit];
    }
    isEmpty = false;
    times[next] = now;
    next = (next + 1) % limit;
    count = Math.min(count + 1, limit);
    boolean isLong = count == limit && now - times[next] <= withinNanos;
    if (isLong) {
      clear();
    }
    return isLong;
  }
}
