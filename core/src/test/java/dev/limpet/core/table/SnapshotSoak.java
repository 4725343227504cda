package dev.limpet.core.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of a saved table of two thousand sessions: every change there is of a bit, every end there is,
 * and 200 kills.
 */
class SnapshotSoak {
  private static final List<String> NAMES = List.of("web-1", "web-2@7", "db/\u00e4", "x");
  private static final int SESSIONS = 2_000;
  private static final int PLACES = 3_000;
  private static final long LATE = SESSIONS + 1;

  @TempDir
  private Path folder;

  private SnapshotScene scene;
  private byte[] saved;

  @BeforeEach
  void save() {
    scene = new SnapshotScene(folder, SnapshotScene.SESSION, PLACES);
    for (int key = 1; key <= SESSIONS; key++) {
      scene.bind(key, NAMES.get(key % NAMES.size()));
    }
    scene.saveInMemory();
    saved = scene.memory;
    scene.restart();
  }

  @Test
  void fileWithAnyBitFlippedOrThatEndsAnywhere_isRefusedAsAWhole() {
    Stream.concat(flipped(saved.length), ends()).forEach(changed -> {
      assertThat(SnapshotFuzzTest.restored(scene.table, changed)).isNull();
      assertThat(scene.table.size()).isZero();
    });

    assertThat(scene.restoreFromMemory()).isEqualTo(Restored.of(SESSIONS, 0, 0));
    assertUsable();
  }

  @Test
  void signedFileWithAnyBitFlipped_isReadOrRefused() {
    flipped(saved.length - SnapshotFormat.SIGNATURE).map(scene::signed).forEach(this::restore);
  }

  @Test
  void signedFileThatEndsAnywhere_isRefused() {
    ends()
        .filter(file -> file.length >= SnapshotFormat.SIGNATURE)
        .map(scene::signed)
        .forEach(file -> {
          restore(file);
          assertThat(scene.table.size()).isEqualTo(1);
        });
  }

  @Test
  void twoHundredKilledProcesses_leaveTheOldFileOrTheNew() throws Exception {
    SnapshotFileTest.kill(folder, 200);
  }

  /**
   * Restores a file into a new table, which has bindings to names of the file only, and takes
   * another.
   */
  private void restore(byte[] file) {
    scene.restart();
    Restored restored = SnapshotFuzzTest.restored(scene.table, file);

    long bindings = (restored == null) ? 0 : restored.bindings();
    assertThat(scene.table.size()).isEqualTo(bindings);
    if (hasNames(file)) {
      assertThat(NAMES.stream().mapToLong(this::bindings).sum()).isEqualTo(bindings);
    }
    assertUsable();
  }

  private Stream<byte[]> flipped(int bytes) {
    return IntStream.range(0, Byte.SIZE * bytes).mapToObj(bit -> {
      byte[] flipped = saved.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      return flipped;
    });
  }

  private Stream<byte[]> ends() {
    return IntStream.range(0, saved.length).mapToObj(length -> Arrays.copyOf(saved, length));
  }

  private void assertUsable() {
    scene.bind(LATE, "late");
    assertThat(scene.table.lookup(LATE)).isEqualTo("late");
  }

  private long bindings(String name) {
    return scene.table.bindings(name).orElseThrow();
  }

  /** {@return whether the file names what was saved, which who has the secret may change} */
  private boolean hasNames(byte[] file) {
    int names = SnapshotFormat.HEADER;
    int end =
        names + NAMES.stream().mapToInt(name -> 2 + name.getBytes(UTF_8).length).sum();
    return file.length < end || Arrays.equals(file, names, end, saved, names, end);
  }
}
