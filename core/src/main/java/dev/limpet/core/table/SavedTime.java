package dev.limpet.core.table;

import java.time.Duration;

/**
 * The moment when a table was saved, and how to read the ticks of its bindings.
 *
 * @param elapsed the table's time, in nanoseconds
 * @param useNanos the length of a use tick
 * @param bindNanos the length of a bind tick
 * @param usesCount whether uses are recorded
 */
record SavedTime(long elapsed, long useNanos, long bindNanos, boolean usesCount) {

  /** {@return the number of the current use tick} */
  long tick() {
    return elapsed / useNanos;
  }

  /**
   * Returns the latest possible moment of a binding's last use. A use in the tick after the
   * recorded one is not recorded.
   */
  long usedBy(long word) {
    return usesCount ? end(BindingWord.ticksSinceUse(word, tick()) - 1, useNanos) : elapsed;
  }

  /** Returns the latest possible moment when a binding was made. */
  long boundBy(long word) {
    long end = end(BindingWord.ticksSinceBind(word, elapsed / bindNanos), bindNanos);
    return Math.min(end, elapsed + 1);
  }

  /**
   * {@return the time since the middle of the tick in which a binding was made} A clock that is
   * read a moment later or earlier yields the same tick again.
   */
  Duration age(long word) {
    long end = end(BindingWord.ticksSinceBind(word, elapsed / bindNanos), bindNanos);
    return Duration.ofNanos(Math.max(0, elapsed - end + bindNanos / 2));
  }

  /** {@return the moment when a use tick ended, or ends} */
  long endOf(int ticksAgo) {
    return end(ticksAgo, useNanos);
  }

  private long end(int ticksAgo, long nanos) {
    return (elapsed / nanos - ticksAgo + 1) * nanos;
  }
}
