package dev.limpet.core.table;

import dev.limpet.core.Environment;
import dev.limpet.core.internal.HttpToken;
import dev.limpet.core.table.NameTable.Slot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a table's live bindings in the {@link SnapshotFormat}. For one thread; the table may be in
 * use.
 */
final class SnapshotWriter {
  private final BucketArray words;
  private final Segment[] segments;
  private final TickClock clock;
  private final Map<String, Integer> names = new LinkedHashMap<>();

  SnapshotWriter(BucketArray words, Segment[] segments, TickClock clock) {
    this.words = words;
    this.segments = segments;
    this.clock = clock;
  }

  /**
   * {@return a snapshot with its signature}
   *
   * @param environment its wall clock is read last, so that a snapshot is never older than it says
   * @throws IOException if there are too many names, or one is too long or not valid Unicode
   */
  byte[] write(Environment environment) throws IOException {
    List<Seen> seen = Arrays.stream(segments).map(Seen::new).toList();
    SavedTime time = clock.saved();
    Instant at = environment.wallClock().instant();
    checkUnicode();
    List<byte[]> encoded = names.keySet().stream().map(SnapshotWriter::utf8).toList();
    checkNames(encoded);
    seen.forEach(segment -> segment.dropIfExpired(time));

    ByteBuffer out = ByteBuffer.allocate(length(seen, encoded));
    writeHeader(out, time, at);
    writeNames(out, encoded);
    seen.forEach(segment -> segment.writeTo(out, time));
    out.put(SnapshotFormat.signature(out.array(), out.position(), environment));
    return out.array();
  }

  private void writeHeader(ByteBuffer out, SavedTime time, Instant at) {
    out.putInt(SnapshotFormat.MAGIC).putInt(SnapshotFormat.VERSION);
    out.putLong(at.getEpochSecond()).putInt(at.getNano());
    out.putLong(time.elapsed()).putLong(time.useNanos()).putLong(time.bindNanos());
    out.put((byte) (time.usesCount() ? 1 : 0));
    out.putInt(words.segments()).putInt(words.buckets());
  }

  private static void writeNames(ByteBuffer out, List<byte[]> encoded) {
    out.putInt(encoded.size());
    encoded.forEach(name -> out.putShort((short) name.length).put(name));
  }

  private static int length(List<Seen> seen, List<byte[]> encoded) {
    int named = encoded.stream().mapToInt(name -> Short.BYTES + name.length).sum();
    int bound = seen.stream().mapToInt(Seen::length).sum();
    return SnapshotFormat.HEADER + named + bound + SnapshotFormat.SIGNATURE;
  }

  private void checkUnicode() throws IOException {
    for (String name : names.keySet()) {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
        throw new IOException("name: " + HttpToken.quoted(name) + " (expected: valid Unicode)");
      }
    }
  }

  private static void checkNames(List<byte[]> encoded) throws IOException {
    check("names", encoded.size(), SnapshotFormat.MAX_NAMES);
    for (byte[] name : encoded) {
      check("bytes of a name", name.length, SnapshotFormat.MAX_NAME_BYTES);
    }
  }

  private static void check(String name, int value, int most) throws IOException {
    if (value > most) {
      throw new IOException(name + ": " + value + " (expected: " + most + " or fewer)");
    }
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private int number(Slot slot) {
    return names.computeIfAbsent(slot.name(), name -> names.size() + 1);
  }

  /** The bindings of a segment at the moment when they were read. */
  private final class Seen implements Segment.Viewer {
    private final Segment segment;
    private final byte[] counts = new byte[words.buckets()];
    private long[] bindings = new long[BucketArray.BUCKET];
    private int size;
    private final long tick;

    Seen(Segment segment) {
      this.segment = segment;
      this.tick = segment.show(this).number();
    }

    @Override
    public void see(int at, long word, Slot slot) {
      if (size == bindings.length) {
        bindings = Arrays.copyOf(bindings, 2 * size);
      }
      bindings[size++] = BindingWord.withSlot(word, number(slot));
      counts[at / BucketArray.BUCKET % counts.length]++;
    }

    /**
     * Drops the bindings if reading all segments took longer than one duration, because ticks can
     * be told apart only within a few durations.
     */
    void dropIfExpired(SavedTime time) {
      if (time.tick() - tick > Tick.LIFE) {
        size = 0;
        Arrays.fill(counts, (byte) 0);
      }
    }

    int length() {
      return 1 + counts.length + size * Long.BYTES;
    }

    void writeTo(ByteBuffer out, SavedTime time) {
      int sinceOverflow = segment.ticksSinceOverflow(time.tick(), SnapshotFormat.NO_OVERFLOW);
      out.put((byte) sinceOverflow).put(counts);
      for (int i = 0; i < size; i++) {
        out.putLong(bindings[i]);
      }
    }
  }
}
