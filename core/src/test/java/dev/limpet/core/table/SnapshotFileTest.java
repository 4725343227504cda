package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.ForwardingChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SnapshotFileTest {
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = new byte[100_000];

  @TempDir
  private Path folder;

  @Test
  void file_isReplaced() throws IOException {
    Path file = folder.resolve("file");
    SnapshotFile.write(file, OLD);
    SnapshotFile.write(file, NEW);
    assertThat(file).hasBinaryContent(NEW);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void fileOfTheMostBytes_isRead() throws Exception {
    Path file = Files.write(folder.resolve("file"), OLD);
    assertThat(SnapshotFile.read(file, OLD.length)).isEqualTo(OLD);
    assertThatThrownBy(() -> SnapshotFile.read(file, OLD.length - 1))
        .hasMessage("length: 3 (expected: 0..2 for this table)");
  }

  @Test
  void fileThatHasMoreThanItSaid_isRefused() {
    Path file = Path.of("/proc/self/status"); // says that it is empty
    assumeTrue(Files.exists(file));
    assertThatThrownBy(() -> SnapshotFile.read(file, 10))
        .hasMessage("length: more than 10 bytes (expected: 0..10 for this table)");
  }

  @Test
  void longName_isWrittenAsAShortOne() throws IOException {
    Path file = folder.resolve("f".repeat(255));
    SnapshotFile.write(file, OLD);
    assertThat(file).hasBinaryContent(OLD);
  }

  @Test
  void linkToAFile_staysAndTheFileIsReplaced() throws IOException {
    Path file = Files.createDirectory(folder.resolve("linked")).resolve("file");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    SnapshotFile.write(file, OLD);
    SnapshotFile.write(link, NEW);
    assertThat(link).isSymbolicLink();
    assertThat(file).hasBinaryContent(NEW);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void linkToNoFile_isReplaced() throws IOException {
    Path toFolder = Files.createSymbolicLink(folder.resolve("toFolder"), folder);
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("absent"));
    for (Path link : List.of(toFolder, nowhere)) {
      SnapshotFile.write(link, NEW);
      assertThat(link).isRegularFile().hasBinaryContent(NEW);
    }
    assertThat(folder.resolve("absent")).doesNotExist();
  }

  @Test
  void fileIsOnTheDiskBeforeItIsInItsPlace_andThenItsName() throws IOException {
    Path file = folder.resolve("file");
    SnapshotFile.write(file, OLD);
    List<String> forced = new ArrayList<>();
    SnapshotFile.write(file, NEW, (path, option) -> new ForwardingChannel(path, option) {
      @Override
      public void force(boolean metaData) throws IOException {
        super.force(metaData);
        boolean replaced = Files.size(file) == NEW.length;
        String what = path.equals(folder) ? "folder" : size() + " bytes";
        forced.add(what + (replaced ? " after" : " before"));
      }
    });
    assertThat(forced).containsExactly("100000 bytes before", "folder after");
  }

  @Test
  void interruptAtAnyMoment_stopsNothingAndIsKept() throws IOException {
    Path file = folder.resolve("file");
    for (String moment : List.of("draft", "folder")) {
      Files.write(file, OLD);
      AtomicInteger openings = new AtomicInteger();
      SnapshotFile.write(file, NEW, (path, option) -> {
        boolean now = path.equals(folder) == moment.equals("folder");
        if (now && openings.getAndIncrement() == 0) {
          Thread.currentThread().interrupt();
        }
        return FileChannel.open(path, option);
      });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(openings).hasValue(2);
      assertThat(file).hasBinaryContent(NEW);
      assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }
  }

  @Test
  void fullDisk_leavesTheOldFile() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Path file = folder.resolve("file");
    SnapshotFile.write(file, OLD);
    assertThatThrownBy(
            () -> SnapshotFile.write(file, NEW, (draft, option) -> FileChannel.open(full, option)))
        .isInstanceOf(IOException.class);
    assertThat(file).hasBinaryContent(OLD);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void failedWrite_leavesTheOldFile() throws IOException {
    Path file = folder.resolve("file");
    SnapshotFile.write(file, OLD);
    assertThatThrownBy(() -> SnapshotFile.write(file, NEW, (draft, option) -> {
          FileChannel channel = FileChannel.open(draft, option);
          channel.close();
          return channel;
        }))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(file).hasBinaryContent(OLD);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void absentFolder_isAnError() {
    Path file = folder.resolve("absent").resolve("file");
    assertThatThrownBy(() -> SnapshotFile.write(file, NEW)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> SnapshotFile.write(Path.of("/"), NEW))
        .isInstanceOf(IOException.class)
        .hasMessage("file: / (expected: a file in a folder)");
  }

  @Test
  void folderInThePlaceOfTheFile_isAnError() throws IOException {
    Path file = Files.createDirectory(folder.resolve("file"));
    assertThatThrownBy(() -> SnapshotFile.write(file, NEW)).isInstanceOf(IOException.class);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Tag("long")
  @Test
  void killedProcess_leavesTheOldFileOrTheNew() throws Exception {
    kill(folder, 20);
  }

  static void kill(Path folder, int times) throws Exception {
    SnapshotScene scene = new SnapshotScene(folder, SnapshotScene.SESSION, Saver.CAPACITY);
    for (int kill = 0; kill < times; kill++) {
      Process saver = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Saver.class.getName(),
              folder.toString())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      assertThat(saver.getInputStream().read()).isEqualTo('!');
      TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(20_000));
      saver.destroyForcibly().waitFor();

      scene.restart(SnapshotScene.SESSION, Saver.CAPACITY, kill);
      Restored restored = scene.restore();
      assertThat(restored.refusal()).isNull();
      long old = scene.table.bindings("old").orElseThrow();
      assertThat(old).isIn(0L, restored.bindings());
      assertThat(scene.table.bindings("new")).hasValue(restored.bindings() - old);
      assertThat(restored.bindings()).isEqualTo(Saver.BINDINGS);
    }
  }

  /** Saves one of two tables after the other until it is killed. */
  static final class Saver {
    static final int CAPACITY = 200_000;
    static final int BINDINGS = 50_000;

    public static void main(String[] args) throws IOException {
      SnapshotScene[] scenes = {scene(args[0], "old"), scene(args[0], "new")};
      scenes[0].save();
      System.out.print('!');
      System.out.flush();
      for (int i = 1; true; i++) {
        scenes[i % 2].save();
      }
    }

    private static SnapshotScene scene(String folder, String name) {
      SnapshotScene scene = new SnapshotScene(Path.of(folder), SnapshotScene.SESSION, CAPACITY);
      for (long key = 1; key <= BINDINGS; key++) {
        scene.bind(key, name);
      }
      return scene;
    }
  }
}
