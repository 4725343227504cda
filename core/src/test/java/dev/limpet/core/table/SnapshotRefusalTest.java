package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.limpet.core.Environment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A snapshot that is not as it was written is refused as a whole, and leaves the table as it is.
 */
class SnapshotRefusalTest {
  private static final String SIGNATURE =
      "signature: wrong" + " (expected: an unchanged file, and the secret it was saved with)";
  private static final int VERSION_AT = 7;

  @TempDir
  private Path folder;

  private SnapshotScene scene;
  private byte[] saved;

  @BeforeEach
  void save() {
    scene = new SnapshotScene(folder);
    scene.bind(1, "a");
    scene.bind(2, "b");
    scene.bind(3, "a");
    scene.save();
    saved = scene.content();
    scene.restart();
    scene.bind(4, "present");
  }

  @Test
  void unchangedFile_isRestored() {
    assertThat(scene.restore().bindings()).isEqualTo(3);
  }

  @Test
  void fileThatEndsEarlier_isRefused() {
    for (int length = 0; length < saved.length; length++) {
      scene.replace(Arrays.copyOf(saved, length));
      assertThat(refusal()).startsWith(length < 89 ? "length: " + length : SIGNATURE);
    }
  }

  @Test
  void fileThatGoesOn_isRefused() {
    scene.replace(Arrays.copyOf(saved, saved.length + 1));
    assertThat(refusal()).isEqualTo(SIGNATURE);
  }

  @Test
  void fileWithAFlippedBit_isRefused() {
    for (int bit = 0; bit < Byte.SIZE * saved.length; bit++) {
      byte[] changed = saved.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      scene.replace(changed);
      String expected =
          (bit / Byte.SIZE > VERSION_AT) ? SIGNATURE : (bit < 32) ? "magic number" : "version";
      assertThat(refusal()).startsWith(expected);
    }
  }

  @Test
  void otherSecret_isRefused() {
    byte[] secret = new byte[Environment.MIN_SECRET_BYTES];
    secret[0] = 1;
    for (Environment other : List.of(Environment.of(secret), Environment.local())) {
      scene.environment = other.withWallClock(scene.wall);
      assertThat(refusal()).isEqualTo(SIGNATURE);
    }
  }

  @Test
  void sameSecret_isAcceptedInAnEnvironmentThatIsMadeAnew() {
    byte[] secret = new byte[Environment.MIN_SECRET_BYTES];
    scene.environment = Environment.of(secret).withWallClock(scene.wall);
    assertThat(scene.restore()).isEqualTo(Restored.of(3, 0, 0));
  }

  @Test
  void otherVersion_isRefused() {
    saved[VERSION_AT]++;
    scene.replace(saved);
    assertThat(refusal()).isEqualTo("version: 2 (expected: 1)");
  }

  @Test
  void emptyFile_isRefused() {
    scene.replace(new byte[0]);
    assertThat(refusal()).isEqualTo("length: 0 (expected: 89..2147483647)");
  }

  @Test
  void folder_isRefused() throws IOException {
    Files.delete(scene.file);
    Files.createDirectory(scene.file);
    assertThat(refusal()).isEqualTo("file: a folder (expected: a regular file)");
  }

  @Test
  void device_isRefused() throws IOException {
    Path device = Path.of("/dev/zero");
    assumeFalse(Files.notExists(device));
    Files.delete(scene.file);
    Files.createSymbolicLink(scene.file, device);
    assertThat(refusal()).isEqualTo("file: a device (expected: a regular file)");
    Files.delete(scene.file);
  }

  @Test
  void absentFile_isRefused() throws IOException {
    Files.delete(scene.file);
    assertThat(refusal()).startsWith("file: java.nio.file.NoSuchFileException: ");
  }

  @Test
  void loopOfLinks_isRefused() throws IOException {
    Files.delete(scene.file);
    Files.createSymbolicLink(scene.file, scene.file);
    assertThat(refusal()).startsWith("file: java.nio.file.FileSystemException: ");
  }

  @Test
  void fileThatMayNotBeRead_isRefused() throws IOException {
    Files.setPosixFilePermissions(scene.file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(scene.file)); // root may
    assertThat(refusal()).startsWith("file: java.nio.file.AccessDeniedException: ");
  }

  @Test
  void fileThatCannotBeRead_isRefused() throws IOException {
    Path memory = Path.of("/proc/self/mem"); // nothing can be read at its beginning
    assumeFalse(Files.notExists(memory));
    Files.delete(scene.file);
    Files.createSymbolicLink(scene.file, memory);
    assertThat(refusal()).startsWith("file: java.io.IOException: ");
    Files.delete(scene.file);
  }

  @Test
  void fileOfTenGigabytes_isRefusedUnread() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(scene.file.toFile(), "rw")) {
      file.setLength(10L << 30);
    }
    assertThat(refusal()).matches("length: 10737418240 \\(expected: 0..16\\d+ for this table\\)");
  }

  @Test
  void claimsOfASignedHeader_areChecked() {
    int claims = 45;
    for (int at : new int[] {claims, claims + 4, claims + 8}) {
      byte[] changed = saved.clone();
      ByteBuffer.wrap(changed).putInt(at, Integer.MAX_VALUE);
      scene.replace(scene.signed(changed));
      assertThat(refusal()).startsWith(at == claims + 8 ? "names: 2147483647" : "capacity: ");
    }
  }

  @Test
  void anySignedContent_isReadOrRefused() {
    for (int at = 8; at < saved.length - SnapshotFormat.SIGNATURE; at++) {
      for (int value : new int[] {0, 1, 8, 9, 127, 128, 255}) {
        byte[] changed = saved.clone();
        changed[at] = (byte) value;
        scene.replace(scene.signed(changed));
        assertThat(scene.restore()).isNotNull();
      }
    }
    for (int length = 89; length < saved.length + 10; length++) {
      scene.replace(scene.signed(Arrays.copyOf(saved, length)));
      assertThat(scene.restore().isRefused()).isEqualTo(length != saved.length);
    }
  }

  @Test
  void countsThatAddUpAndCannotBe_areRefused() {
    int counts = saved.length - SnapshotFormat.SIGNATURE - 3 * Long.BYTES - 14;
    saved[counts] = (byte) (saved[counts] + 4);
    saved[counts + 1] = (byte) (saved[counts + 1] - 4);
    scene.replace(scene.signed(saved));
    assertThat(refusal()).startsWith("bindings of a bucket: -");
  }

  private String refusal() {
    Restored restored = scene.restore();
    assertThat(restored.isRefused()).isTrue();
    assertThat(restored).isEqualTo(Restored.refused(restored.refusal()));
    assertThat(scene.bindings(10)).isEqualTo(Map.of(4L, "present"));
    assertThat(scene.table.size()).isEqualTo(1);
    return restored.refusal();
  }
}
