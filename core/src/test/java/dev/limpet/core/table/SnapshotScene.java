package dev.limpet.core.table;

import dev.limpet.core.Environment;
import dev.limpet.core.ManualWall;
import dev.limpet.core.Routing;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A table that is saved in one process and restored in another. */
final class SnapshotScene {
  static final Duration T = Duration.ofMinutes(20);
  static final StickySession SESSION = StickySession.custom().withDuration(T);

  final Path file;
  final ManualWall wall = new ManualWall();
  ManualClock clock = new ManualClock(0);
  CompactStickyTable table;
  Environment environment = Routing.ENVIRONMENT.withWallClock(wall);
  private final long capacity;
  byte[] memory = {};

  SnapshotScene(Path folder, StickySession session, long capacity) {
    this.file = folder.resolve("table");
    this.capacity = capacity;
    this.table = CompactStickyTable.of(session, capacity, clock);
  }

  SnapshotScene(Path folder) {
    this(folder, SESSION, 100);
  }

  void bind(long key, String name) {
    table.bind(key, null, name, true);
  }

  void pass(Duration time) {
    clock.advance(time);
    wall.advance(time);
  }

  void save() {
    try {
      table.save(file, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Restored restore() {
    return table.restore(file, environment);
  }

  void saveInMemory() {
    try {
      memory = table.snapshot(environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Restored restoreFromMemory() {
    try {
      return table.restore(memory, environment);
    } catch (Refusal refusal) {
      throw new AssertionError(refusal);
    }
  }

  /** Goes on in another process, whose clock tells another time. */
  void restart(StickySession session, long places, long start) {
    clock = new ManualClock(start);
    table = CompactStickyTable.of(session, places, clock);
  }

  void restart() {
    restart(SESSION, capacity, 987_654_321);
  }

  Map<Long, String> bindings(long keys) {
    Map<Long, String> bindings = new TreeMap<>();
    for (long key = 1; key <= keys; key++) {
      String name = table.peek(key);
      if (name != null) {
        bindings.put(key, name);
      }
    }
    return bindings;
  }

  /**
   * {@return a saved table, whose last bytes are replaced by a signature of what is before them}
   */
  byte[] signed(byte[] file) {
    int length = file.length - SnapshotFormat.SIGNATURE;
    return ByteBuffer.wrap(file)
        .put(length, SnapshotFormat.signature(file, length, environment))
        .array();
  }

  byte[] content() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void replace(byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
