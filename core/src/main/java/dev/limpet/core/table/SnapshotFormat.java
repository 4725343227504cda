package dev.limpet.core.table;

import dev.limpet.core.Environment;
import dev.limpet.core.internal.Hmac;

/** The format of a table's snapshot, for its writer and its reader. */
final class SnapshotFormat {
  /*
   * bytes  content
   *     8  magic number, version
   *    12  when it was saved, by the wall clock: seconds, nanoseconds
   *    25  when it was saved, by the table's time; length of a use tick; length of a bind tick;
   *        whether uses count (1 byte)
   *     8  number of segments, number of buckets in each
   *     4  number of names; then for each name its length (2 bytes) and its UTF-8 bytes
   *        then for each segment:
   *     1  ticks since it overflowed
   *     1  for each bucket: the number of its bindings
   *     8  for each binding: its word, with the number of its name in the name slot
   *        at the end:
   *    32  HMAC-SHA256 of all of the above, under a key derived from the environment's secret
   *
   * Of a binding's key, only 35 bits and its two possible buckets are known. So a table can restore
   * it only with the same number of segments and buckets.
   */

  static final int MAGIC = 0x4C_4D_50_54; // LMPT
  static final int VERSION = 1;
  static final int HEADER = 57;
  static final int SIGNATURE = 32;
  static final int MAX_NAMES = (1 << BindingWord.SLOT_BITS) - 1;
  static final int MAX_NAME_BYTES = 1024;

  /** A number of ticks after which no overflow is remembered. */
  static final int NO_OVERFLOW = 255;

  /**
   * The maximum number of slots of a table that can be saved, because its snapshot is one array.
   */
  static final int MAX_SLOTS = 1 << 27;

  private SnapshotFormat() {}

  /** {@return the maximum size in bytes of a snapshot that such a table can restore} */
  static int mostBytes(BucketArray words) {
    long buckets = (long) words.segments() * words.buckets();
    long names = MAX_NAMES * (Short.BYTES + (long) MAX_NAME_BYTES);
    long slots = buckets * (1 + BucketArray.BUCKET * (long) Long.BYTES);
    return (int)
        Math.min(HEADER + names + words.segments() + slots + SIGNATURE, Integer.MAX_VALUE - 8);
  }

  /** {@return the signature of the first bytes of a snapshot} */
  static byte[] signature(byte[] snapshot, int length, Environment environment) {
    return Hmac.of(environment.secret("limpet saved table")).sign(snapshot, length);
  }
}
