package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
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
  void emptyTable_canBeSaved() {
    scene.save();
    scene.restart();
    assertThat(scene.restore()).isEqualTo(new Restored(0, 0, 0, null));
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
    assertThatThrownBy(() -> scene.table.save(scene.file, scene.hasher, scene.wall))
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
    assertThatThrownBy(() -> scene.table.save(scene.file, scene.hasher, scene.wall))
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

  @Test
  void affinity_savesAndRestores() throws IOException {
    KeyAffinity<String> affinity = affinity(scene.table);
    Route first = StickyRouter.of(Routing.pool("a", "b", "c"), affinity).route("session");
    affinity.save(scene.file);
    scene.restart();
    KeyAffinity<String> restarted = affinity(scene.table);
    assertThat(restarted.restore(scene.file).bindings()).isEqualTo(1);
    Route second = StickyRouter.of(Routing.pool("a", "b", "c"), restarted).route("session");
    assertThat(second.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(second.backend()).isEqualTo(first.backend());
  }

  @Test
  void otherTables_cannotBeSaved() {
    KeyAffinity<String> affinity = affinity(CaffeineStickyTable.of(StickySession.custom(), 10));
    String message =
        "table: " + CaffeineStickyTable.class.getName() + " (expected: a CompactStickyTable)";
    assertThatThrownBy(() -> affinity.save(scene.file))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> affinity.restore(scene.file))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(message);
  }

  private KeyAffinity<String> affinity(StickyTable table) {
    return KeyAffinity.<String>builder(Routing.TEXT)
        .hasher(Routing.HASHER)
        .clock(scene.wall)
        .table(session -> table)
        .build();
  }
}
