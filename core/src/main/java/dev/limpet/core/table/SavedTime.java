package dev.limpet.core.table;

/**
 * The moment in which a table was saved, and how to read its bindings' ticks.
 *
 * @param elapsed the table's time, in nanoseconds
 * @param useNanos how long a tick of uses is
 * @param bindNanos how long a tick of binds is
 * @param usesCount whether uses are recorded
 */
record SavedTime(long elapsed, long useNanos, long bindNanos, boolean usesCount) {

  /** {@return how many ticks of uses there were before} */
  long tick() {
    return elapsed / useNanos;
  }

  /**
   * {@return by when the last use of a binding was, at the latest: that in the tick after is not
   * recorded}
   */
  long usedBy(long word) {
    return usesCount ? end(BindingWord.ticksSinceUse(word, tick()) - 1, useNanos) : elapsed;
  }

  /** {@return by when a binding was made, at the latest} */
  long boundBy(long word) {
    long end = end(BindingWord.ticksSinceBind(word, elapsed / bindNanos), bindNanos);
    return Math.min(end, elapsed + 1);
  }

  /** {@return when a tick of uses ended, or ends} */
  long endOf(int ticksAgo) {
    return end(ticksAgo, useNanos);
  }

  private long end(int ticksAgo, long nanos) {
    return (elapsed / nanos - ticksAgo + 1) * nanos;
  }
}
