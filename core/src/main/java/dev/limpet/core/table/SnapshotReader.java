package dev.limpet.core.table;

import dev.limpet.core.Environment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/** Reads a snapshot, after verifying all of it. For one thread. */
final class SnapshotReader {
  private final ByteBuffer in;
  private final BucketArray words;
  private final Instant savedAt;
  private final SavedTime time;
  private final String[] names;
  private final int start;

  /** Receives the content of a snapshot. */
  interface Visitor {
    void overflowed(int segment, int ticksAgo);

    /**
     * Receives a binding.
     *
     * @param bucket one of the two possible buckets of its key
     * @param word the binding; its name slot must be replaced by that of the name
     */
    void bound(int segment, int bucket, long word, String name);
  }

  /**
   * Verifies a snapshot.
   *
   * @param words those of the table to restore
   */
  SnapshotReader(byte[] snapshot, Environment environment, BucketArray words) throws Refusal {
    checkSignature(snapshot, environment);
    this.in = ByteBuffer.wrap(snapshot, 2 * Integer.BYTES, snapshot.length - 2 * Integer.BYTES);
    this.words = words;
    in.limit(snapshot.length - SnapshotFormat.SIGNATURE);
    try {
      this.savedAt = Instant.ofEpochSecond(in.getLong(), in.getInt());
      this.time = new SavedTime(in.getLong(), in.getLong(), in.getLong(), in.get() != 0);
      checkSize(in.getInt(), in.getInt());
      this.names = new String[checked("names", in.getInt(), 0, SnapshotFormat.MAX_NAMES)];
      for (int i = 0; i < names.length; i++) {
        names[i] = name();
      }
      this.start = in.position();
      check();
    } catch (BufferUnderflowException | DateTimeException | ArithmeticException e) {
      throw new Refusal("content", e, "a saved table");
    }
  }

  Instant savedAt() {
    return savedAt;
  }

  SavedTime time() {
    return time;
  }

  /** Passes all content to the visitor, in the order of the table. */
  void tell(Visitor visitor) {
    in.position(start);
    for (int segment = 0; segment < words.segments(); segment++) {
      visitor.overflowed(segment, Byte.toUnsignedInt(in.get()));
      int counts = in.position();
      in.position(counts + words.buckets());
      for (int i = 0; i < words.buckets(); i++) {
        int bucket = words.start(segment) + i * BucketArray.BUCKET;
        for (int left = in.get(counts + i); left > 0; left--) {
          long word = in.getLong();
          visitor.bound(segment, bucket, word, names[BindingWord.slot(word) - 1]);
        }
      }
    }
  }

  private static void checkSignature(byte[] snapshot, Environment environment) throws Refusal {
    int least = SnapshotFormat.HEADER + SnapshotFormat.SIGNATURE;
    int signed = snapshot.length - SnapshotFormat.SIGNATURE;
    checked("length", snapshot.length, least, Integer.MAX_VALUE);
    ByteBuffer head = ByteBuffer.wrap(snapshot);
    checked("magic number", head.getInt(), SnapshotFormat.MAGIC, SnapshotFormat.MAGIC);
    checked("version", head.getInt(), SnapshotFormat.VERSION, SnapshotFormat.VERSION);
    byte[] signature = Arrays.copyOfRange(snapshot, signed, snapshot.length);
    if (!MessageDigest.isEqual(
        signature, SnapshotFormat.signature(snapshot, signed, environment))) {
      throw new Refusal(
          "signature", "wrong", "an unchanged file, and the secret it was saved with");
    }
  }

  private void checkSize(int segments, int buckets) throws Refusal {
    if (segments != words.segments() || buckets != words.buckets()) {
      throw new Refusal(
          "capacity", shown(segments, buckets), shown(words.segments(), words.buckets()));
    }
  }

  private static String shown(int segments, int buckets) {
    return segments + " x " + buckets + " buckets";
  }

  private String name() throws Refusal {
    int length = Short.toUnsignedInt(in.getShort());
    byte[] name = new byte[checked("bytes of a name", length, 0, in.remaining())];
    in.get(name);
    return new String(name, StandardCharsets.UTF_8);
  }

  /** Checks that {@link #tell} will reach exactly the end of the snapshot. */
  private void check() throws Refusal {
    checked("time", time.elapsed(), 0, Long.MAX_VALUE / 2);
    checked("tick", Math.min(time.useNanos(), time.bindNanos()), 1, Long.MAX_VALUE);
    for (int segment = 0; segment < words.segments(); segment++) {
      in.get();
      int bindings = 0;
      for (int i = 0; i < words.buckets(); i++) {
        bindings += checked("bindings of a bucket", in.get(), 0, BucketArray.BUCKET);
      }
      for (int i = 0; i < bindings; i++) {
        checked("name", BindingWord.slot(in.getLong()), 1, names.length);
      }
    }
    checked("bytes left", in.remaining(), 0, 0);
  }

  private static int checked(String name, long value, long least, long most) throws Refusal {
    if (value < least || value > most) {
      throw new Refusal(name, value, (least == most) ? least : least + ".." + most);
    }
    return (int) value;
  }
}
