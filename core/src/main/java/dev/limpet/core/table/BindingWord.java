package dev.limpet.core.table;

/** A binding in 64 bits: how it is laid out, and when it is alive. */
final class BindingWord {
  /*
   * bits    63..29       28..15  14..8            7..0
   *         fingerprint  slot    tick of the bind  tick of the last use
   *
   * The fingerprint is what is left of a key that has been taken to one of two buckets, and names
   * the other one. The slot stands for the backend's name. Ticks count modulo their size: a table
   * sees to it that no word grows so old that its ticks come round.
   */

  /** No binding. */
  static final long EMPTY = 0;

  /** No binding, and no place for one: its slot is nobody's, and no time frees it. */
  static final long WALL = 1;

  /** How many bits a slot has. */
  static final int SLOT_BITS = 14;

  private static final int SLOT_SHIFT = 15;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int FINGERPRINT_SHIFT = SLOT_SHIFT + SLOT_BITS;
  private static final long STAMP_MASK = (1 << SLOT_SHIFT) - 1;
  private static final int BIND_SHIFT = 8;
  private static final int BIND_MASK = 0x7F;
  private static final long USED_MASK = 0xFF;

  private BindingWord() {}

  /**
   * {@return a word that holds the fingerprint of a mixed key, which is never 0, and nothing else}
   */
  static long probe(long mixedKey) {
    long fingerprint = mixedKey << FINGERPRINT_SHIFT;
    return (fingerprint == 0) ? 1L << FINGERPRINT_SHIFT : fingerprint;
  }

  /** {@return a binding that begins and is used in a tick} */
  static long of(long probe, int slot, Tick now) {
    return of(probe, slot, now.stamp());
  }

  /** {@return a binding with a stamp of ticks} */
  static long of(long probe, int slot, int stamp) {
    return probe | (long) slot << SLOT_SHIFT | stamp;
  }

  /** {@return whether there is a binding, alive or not} */
  static boolean isBinding(long word) {
    return slot(word) != NameTable.NOBODY;
  }

  /** {@return whether this is the binding of the probe's key} */
  static boolean matches(long word, long probe) {
    return (word ^ probe) >>> FINGERPRINT_SHIFT == 0;
  }

  /** {@return how many ticks of uses there were since that of the last recorded one} */
  static int ticksSinceUse(long word, long tick) {
    return (int) (tick - word) & (int) USED_MASK;
  }

  /** {@return how many ticks of binds there were since that of its own} */
  static int ticksSinceBind(long word, long tick) {
    return (int) (tick - (word >>> BIND_SHIFT)) & BIND_MASK;
  }

  /** {@return the binding with another slot} */
  static long withSlot(long word, int slot) {
    return (word & ~((long) SLOT_MASK << SLOT_SHIFT)) | (long) slot << SLOT_SHIFT;
  }

  /** {@return the binding as made and used in other ticks} */
  static long withStamp(long word, int stamp) {
    return (word & ~STAMP_MASK) | stamp;
  }

  static int slot(long word) {
    return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
  }

  /** {@return 32 bits of the fingerprint} */
  static long fingerprint(long wordOrProbe) {
    return wordOrProbe >>> Integer.SIZE;
  }

  /** {@return the binding as last used in a tick} */
  static long used(long word, Tick now) {
    return (word & ~USED_MASK) | (now.stamp() & USED_MASK);
  }

  /** {@return the binding as made to another name in a tick; it keeps its age} */
  static long rebound(long word, int slot, Tick now) {
    long fingerprint = word >>> FINGERPRINT_SHIFT << FINGERPRINT_SHIFT;
    return used(fingerprint | (long) slot << SLOT_SHIFT | (word & STAMP_MASK), now);
  }
}
