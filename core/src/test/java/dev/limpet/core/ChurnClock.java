package dev.limpet.core;

/**
 * Time that passes, leaps ahead and steps back, with bounds of what a table can have made of it.
 */
final class ChurnClock implements NanoClock {
  private final long start;
  private volatile long now;
  private volatile long earliest;
  private volatile long latest;

  /** Makes a clock that shows a number of nanoseconds at first. */
  ChurnClock(long start) {
    this.start = start;
  }

  @Override
  public long nanos() {
    return start + now;
  }

  /** Lets time pass, or step back. */
  synchronized void pass(long nanos) {
    latest = Math.max(latest, now + nanos);
    now += nanos;
    earliest = Math.max(earliest, now);
  }

  /**
   * {@return the time of who reads it from now on; he is at most as much behind as steps back hid}
   */
  long earliest() {
    return earliest;
  }

  /** {@return a time that nobody who has read it was beyond} */
  long latest() {
    return latest;
  }
}
