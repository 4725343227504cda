package dev.limpet.core.table;

/** A binding in 64 bits: its layout, and whether it is live. */
final class BindingWord {
  /*
   * bits  63..29       28..15     14..8             7..0
   *       fingerprint  name slot  tick of the bind  tick of the last use
   *
   * A key has two buckets. The fingerprint is what remains of the key once its first bucket is
   * known; with either bucket it yields the other one. The name slot stands for the backend's name.
   * Ticks are stored modulo their size, so the table sweeps a segment before it trusts words whose
   * ticks may have wrapped around.
   */

  /** No binding. */
  static final long EMPTY = 0;

  /** A word that cannot hold a binding: it has no name, so it never expires. */
  static final long WALL = 1;

  /** The number of bits of a name slot. */
  static final int SLOT_BITS = 14;

  /** The number of different stamps of ticks. */
  static final int STAMPS = 1 << 15;

  private static final int SLOT_SHIFT = 15;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int FINGERPRINT_SHIFT = SLOT_SHIFT + SLOT_BITS;
  private static final long STAMP_MASK = (1 << SLOT_SHIFT) - 1;
  private static final int BIND_SHIFT = 8;
  private static final int BIND_MASK = 0x7F;
  private static final long USED_MASK = 0xFF;

  private BindingWord() {}

  /**
   * Returns a word with the fingerprint of a mixed key, and nothing else. The fingerprint is never
   * 0.
   */
  static long probe(long mixedKey) {
    long fingerprint = mixedKey << FINGERPRINT_SHIFT;
    return (fingerprint == 0) ? 1L << FINGERPRINT_SHIFT : fingerprint;
  }

  /** {@return a binding that is made and used in a tick} */
  static long of(long probe, int slot, Tick now) {
    return of(probe, slot, now.stamp());
  }

  /** {@return a binding with a stamp of ticks} */
  static long of(long probe, int slot, int stamp) {
    return probe | (long) slot << SLOT_SHIFT | stamp;
  }

  /** Returns whether a word is a binding, live or expired. */
  static boolean isBinding(long word) {
    return slot(word) != NameTable.NO_NAME;
  }

  /** Returns whether a word has the fingerprint of the probe. */
  static boolean matches(long word, long probe) {
    return (word ^ probe) >>> FINGERPRINT_SHIFT == 0;
  }

  /** {@return the number of use ticks since the last recorded use} */
  static int ticksSinceUse(long word, long tick) {
    return (int) (tick - word) & (int) USED_MASK;
  }

  /** {@return the number of bind ticks since the binding was made} */
  static int ticksSinceBind(long word, long tick) {
    return (int) (tick - (word >>> BIND_SHIFT)) & BIND_MASK;
  }

  /** {@return the binding with another name slot} */
  static long withSlot(long word, int slot) {
    return (word & ~((long) SLOT_MASK << SLOT_SHIFT)) | (long) slot << SLOT_SHIFT;
  }

  /** {@return the binding with another stamp of ticks} */
  static long withStamp(long word, int stamp) {
    return (word & ~STAMP_MASK) | stamp;
  }

  /** {@return the stamp of ticks of a binding} */
  static int stamp(long word) {
    return (int) (word & STAMP_MASK);
  }

  static int slot(long word) {
    return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
  }

  /** {@return 32 bits of the fingerprint} */
  static long fingerprint(long wordOrProbe) {
    return wordOrProbe >>> Integer.SIZE;
  }

  /** {@return the binding with its last use in a tick} */
  static long used(long word, Tick now) {
    return (word & ~USED_MASK) | (now.stamp() & USED_MASK);
  }

  /** {@return the binding with another name slot, used in a tick} It keeps its age. */
  static long rebound(long word, int slot, Tick now) {
    long fingerprint = word >>> FINGERPRINT_SHIFT << FINGERPRINT_SHIFT;
    return used(fingerprint | (long) slot << SLOT_SHIFT | (word & STAMP_MASK), now);
  }
}
