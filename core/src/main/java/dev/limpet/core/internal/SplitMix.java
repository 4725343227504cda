package dev.limpet.core.internal;

/** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
public final class SplitMix {
  private SplitMix() {}

  /** {@return a number each bit of which depends on all of a key's; no two keys have the same} */
  public static long mix(long key) {
    long a = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
