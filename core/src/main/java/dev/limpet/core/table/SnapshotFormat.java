package dev.limpet.core.table;

import dev.limpet.core.Environment;
import dev.limpet.core.internal.Hmac;

/** What the writer and the reader of a table's snapshot agree on. */
final class SnapshotFormat {
  /*
   * bytes 8 magic, version 12 when it was saved: seconds and nanoseconds of the wall clock 25 the
   * same in the table's time, the lengths of its ticks, whether uses count 8 regions, and buckets
   * in each 4 names; then for each its length in 2 bytes, and itself in UTF-8 then for each region
   * 1 ticks since it overflowed . for each bucket, in a byte, how many bindings it has . the
   * bindings in 8 bytes each, as in the table, but for the name's number in the place of the slot
   * then 32 HMAC-SHA256 of all that, under a key that is derived from the environment's secret
   *
   * A binding's key is known by 35 bits, and else by the two buckets that it may be in. So a table
   * must have the same regions and buckets to take it.
   */

  static final int MAGIC = 0x4C_4D_50_54; // LMPT
  static final int VERSION = 1;
  static final int HEADER = 57;
  static final int SIGNATURE = 32;
  static final int MAX_NAMES = (1 << BindingWord.SLOT_BITS) - 1;
  static final int MAX_NAME_BYTES = 1024;

  /** More ticks than an overflow is remembered. */
  static final int NO_OVERFLOW = 255;

  /** The most places that a table may have to be saved: its snapshot is one array. */
  static final int MAX_PLACES = 1 << 27;

  private SnapshotFormat() {}

  /** {@return how many bytes a snapshot of such a table has at most} */
  static int mostBytes(BucketArray words) {
    long buckets = (long) words.regions() * words.buckets();
    long names = MAX_NAMES * (Short.BYTES + (long) MAX_NAME_BYTES);
    long places = buckets * (1 + BucketArray.BUCKET * (long) Long.BYTES);
    return (int)
        Math.min(HEADER + names + words.regions() + places + SIGNATURE, Integer.MAX_VALUE - 8);
  }

  /** {@return the signature of the first bytes of a snapshot} */
  static byte[] signature(byte[] snapshot, int length, Environment environment) {
    return Hmac.of(environment.secret("limpet saved table")).sign(snapshot, length);
  }
}
