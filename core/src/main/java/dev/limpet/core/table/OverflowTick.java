package dev.limpet.core.table;

/** Remembers for one duration that a region had no place. Thread-safe. */
final class OverflowTick {
  private static final long NEVER = Long.MIN_VALUE / 2;

  private volatile long last = NEVER;

  boolean isRemembered(Tick now) {
    return now.number() - last <= Tick.LIFE;
  }

  /** Writes once a tick, for the sake of other readers; is called under the region's lock. */
  void record(long tick) {
    if (last < tick) {
      last = tick;
    }
  }

  /** {@return how many ticks before a tick it was, counted to a limit; 0 if it was after it} */
  int ticksSince(long tick, int most) {
    return (int) Math.min(Math.max(tick - last, 0), most);
  }
}
