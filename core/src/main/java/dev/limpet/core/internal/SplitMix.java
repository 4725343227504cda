package dev.limpet.core.internal;

/** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
public final class SplitMix {
  private SplitMix() {}

  /**
   * {@return a number of which each bit depends on all bits of the key; different keys have
   * different numbers}
   */
  public static long mix(long key) {
    long a = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
