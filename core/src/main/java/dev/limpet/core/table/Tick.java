package dev.limpet.core.table;

/** A moment of a {@link TickClock}: a span of time in which nothing ages. Immutable. */
final class Tick {
  /*
   * A use in tick k may have been in its last nanosecond, and one in tick k + 1 is not recorded. So
   * a binding last used in tick k lives until 64 more ticks, the duration, have passed after tick k
   * + 1. That is never early, at most two ticks late, and two records of uses are always more than
   * a tick apart. A bind is always recorded: 32 ticks after its own suffice.
   */

  /** How many ticks make a duration. */
  static final int PER_DURATION = 64;

  /** How many ticks of a bind make the time that a session may live at most. */
  static final int BINDS_PER_MAX = 32;

  /** For how many ticks after that of its last recorded use a binding lives. */
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
   * @param number how many ticks of uses there were before
   * @param end when it ends, in nanoseconds
   * @param use the tick of a use; always 0 where uses do not count
   * @param bind the tick of a bind; always 0 where age does not count
   */
  Tick(long number, long end, long use, long bind) {
    this.number = number;
    this.end = end;
    this.stamp = stamp(use, bind);
  }

  /** {@return the bits of a {@link BindingWord} that was used and made in certain ticks} */
  static int stamp(long use, long bind) {
    return (int) (bind & BIND_MASK) << BIND_SHIFT | (int) (use & USE_MASK);
  }

  long number() {
    return number;
  }

  long end() {
    return end;
  }

  /** {@return the bits of a {@link BindingWord} that begins now} */
  int stamp() {
    return stamp;
  }

  /** {@return whether a binding is alive that was read before the time was} */
  boolean isAlive(long word) {
    int sinceUse = (stamp - (int) word) & USE_MASK;
    int sinceBind = ((stamp >>> BIND_SHIFT) - (int) (word >>> BIND_SHIFT)) & BIND_MASK;
    return sinceUse <= LIFE && sinceBind <= BINDS_PER_MAX;
  }

  /** {@return whether a use in this tick is to be recorded; not if a later one has been} */
  boolean isUse(long word) {
    return (byte) (stamp - (int) word) > UNRECORDED;
  }
}
