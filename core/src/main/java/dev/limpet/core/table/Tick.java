package dev.limpet.core.table;

/** A tick of a {@link TickClock}: a span of time in which no binding ages. Immutable. */
final class Tick {
  /*
   * A use recorded in tick k may have been in its last nanosecond, and a use in tick k + 1 is not
   * recorded. So a binding last used in tick k lives until 64 more ticks, the duration, have passed
   * after tick k + 1. It therefore never expires early and at most two ticks late, and two recorded
   * uses are always more than one tick apart. A bind is always recorded, so 32 ticks after its own
   * are enough.
   */

  /** The number of use ticks in a duration. */
  static final int PER_DURATION = 64;

  /** The number of bind ticks in the maximum duration of a session. */
  static final int BINDS_PER_MAX = 32;

  /** The number of ticks that a binding lives after that of its last recorded use. */
  static final int LIFE = PER_DURATION + 1;

  private static final int UNRECORDED = 1;
  private static final int BIND_SHIFT = 8;
  private static final int BIND_MASK = 0x7F;
  private static final int USE_MASK = 0xFF;

  private final long number;
  private final long end;
  private final int stamp;

  /**
   * Makes a tick.
   *
   * @param number the number of use ticks before this one
   * @param end when it ends, in nanoseconds
   * @param use the tick of a use; always 0 if uses do not count
   * @param bind the tick of a bind; always 0 if age does not count
   */
  Tick(long number, long end, long use, long bind) {
    this.number = number;
    this.end = end;
    this.stamp = stamp(use, bind);
  }

  /** {@return the bits of a {@link BindingWord} that was used and made in these ticks} */
  static int stamp(long use, long bind) {
    return (int) (bind & BIND_MASK) << BIND_SHIFT | (int) (use & USE_MASK);
  }

  long number() {
    return number;
  }

  long end() {
    return end;
  }

  /** {@return the bits of a {@link BindingWord} that is made now} */
  int stamp() {
    return stamp;
  }

  /** Returns whether a binding is live. The word must have been read before the time. */
  boolean isLive(long word) {
    int sinceUse = (stamp - (int) word) & USE_MASK;
    int sinceBind = ((stamp >>> BIND_SHIFT) - (int) (word >>> BIND_SHIFT)) & BIND_MASK;
    return sinceUse <= LIFE && sinceBind <= BINDS_PER_MAX;
  }

  /**
   * Returns whether to record a use in this tick: not if one is recorded in this tick, the one
   * before or a later one.
   */
  boolean isUse(long word) {
    return (byte) (stamp - (int) word) > UNRECORDED;
  }
}
