package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved, by whom and where. */
class SavedTableTest {
  @TempDir
  private Path folder;

  private SnapshotScene scene;

  @BeforeEach
  void makeScene() {
    scene = new SnapshotScene(folder);
  }

  @Test
  void tables_sayWhetherTheyCanBeSaved() {
    assertThat(SaveableTable.of(scene.table)).containsSame(scene.table);
    assertThat(SaveableTable.of(CaffeineStickyTable.of(SnapshotScene.SESSION, 10)))
        .isEmpty();
  }

  @Test
  void emptyTable_canBeSaved() {
    scene.save();
    scene.restart();
    assertThat(scene.restore()).isEqualTo(Restored.of(0, 0, 0));
  }

  @Test
  void file_isItsOwnersAlone() throws IOException {
    scene.bind(1, "a");
    scene.save();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(scene.file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryContaining(scene.file::equals);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void nameThatIsTooLong_isNotSaved() {
    scene.bind(1, "a".repeat(1024));
    scene.save();
    scene.bind(2, "a".repeat(1025));
    assertThatThrownBy(() -> scene.table.save(scene.file, scene.environment))
        .isInstanceOf(IOException.class)
        .hasMessage("bytes of a name: 1025 (expected: 1024 or fewer)");
    scene.restart();
    assertThat(scene.restore().bindings()).isEqualTo(1);
  }

  @Test
  void nameThatIsNotValidUnicode_isNotSaved() {
    scene.bind(1, "a\uD83D\uDE00");
    scene.save();
    scene.bind(2, "a\uD83D");
    assertThatThrownBy(() -> scene.table.save(scene.file, scene.environment))
        .isInstanceOf(IOException.class)
        .hasMessage("name: \"a\\ud83d\" (expected: valid Unicode)");
    scene.restart();
    assertThat(scene.restore().bindings()).isEqualTo(1);
    assertThat(scene.table.peek(1)).isEqualTo("a\uD83D\uDE00");
  }

  @Test
  void interruptedThread_savesAndStaysInterrupted() {
    scene.bind(1, "a");
    Thread.currentThread().interrupt();
    scene.save();
    assertThat(Thread.interrupted()).isTrue();
    scene.restart();
    assertThat(scene.restore().bindings()).isEqualTo(1);
  }
}
