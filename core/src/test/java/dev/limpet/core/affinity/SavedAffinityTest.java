package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.limpet.core.Environment;
import dev.limpet.core.ForwardingTable;
import dev.limpet.core.ManualWall;
import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.OwnTable.Asked;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An affinity that saves its sessions, and restores them in another process. */
class SavedAffinityTest {
  private static final String SESSION = "g/1";

  @TempDir
  private Path folder;

  private final ManualWall wall = new ManualWall();
  private final OwnTable own = new OwnTable(Routing.table(100));
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("table");
  }

  @Test
  void sessions_areKeptByAProcessWithTheSameSecret() throws IOException {
    Route first = saved(secret(7));

    KeyAffinity<String> restarted = affinity(secret(7));
    assertThat(restarted.restore(file)).isEqualTo(Restored.of(1, 0, 0));
    Route second = router(restarted).route(SESSION);

    assertThat(second.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(second.backend()).isEqualTo(first.backend());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void sessions_areRefusedByAProcessWithAnotherSecret(int other) throws IOException {
    saved(secret(7));

    KeyAffinity<String> restarted = affinity(secret(other));

    assertThat(restarted.restore(file))
        .isEqualTo(Restored.refused(
            "signature: wrong (expected: an unchanged file, and the secret it was saved with)"));
    assertThat(router(restarted).route(SESSION).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void tableThatCannotBeSaved_isNotSavedAndSaysWhy() {
    KeyAffinity<String> affinity = affinity(cache());

    assertThatIOException()
        .isThrownBy(() -> affinity.save(file))
        .withMessage(notSaveable(CaffeineStickyTable.class));
    assertThat(file).doesNotExist();
  }

  @Test
  void tableThatCannotBeSaved_refusesWhatOthersSavedAndStaysAsItIs() throws IOException {
    saved(secret(7));
    KeyAffinity<String> affinity = affinity(new ForwardingTable(Routing.table(100)));
    StickyRouter<String> router = router(affinity);
    router.route("g/0");

    assertThat(affinity.restore(file))
        .isEqualTo(Restored.refused(notSaveable(ForwardingTable.class)));

    assertThat(router.route("g/0").outcome()).isEqualTo(Outcome.KEPT);
    assertThat(router.peek(SESSION).byHash()).isFalse();
  }

  @Test
  void tableOfAnEmbedder_isAskedToSaveAndToRestore() throws IOException {
    own.answer = Restored.of(5, 3, 1);
    KeyAffinity<String> affinity = affinity(own);

    affinity.save(file);
    assertThat(affinity.restore(file)).isSameAs(own.answer);

    Asked asked = new Asked(file, affinity.environment());
    assertThat(own.saved).containsExactly(asked);
    assertThat(own.restored).containsExactly(asked);
  }

  @Test
  void tableOfAnEmbedder_mayFailToSave() {
    own.failure = new IOException("disk: full");

    assertThatIOException().isThrownBy(() -> affinity(own).save(file)).isSameAs(own.failure);
  }

  @Test
  void whatATableOfAnEmbedderRestores_makesTheQuotaHashUnknownSessions() {
    KeyAffinity<String> affinity = affinity(own);
    StickyRouter<String> router = router(affinity);
    own.answer = Restored.refused("file: absent (expected: present)");
    affinity.restore(file);
    assertThat(router.peek(SESSION).byHash()).isFalse();

    own.answer = Restored.of(0, 0, 0);
    affinity.restore(file);
    assertThat(router.peek(SESSION).byHash()).isTrue();
  }

  @Test
  void tableOfAnEmbedderThatHasSessions_makesTheQuotaHashUnknownSessions() {
    own.size = 1;

    assertThat(router(affinity(own)).peek(SESSION).byHash()).isTrue();
  }

  /** Saves an affinity in which a session is bound, and returns its route. */
  private Route saved(byte[] secret) throws IOException {
    KeyAffinity<String> affinity = affinity(secret);
    Route route = router(affinity).route(SESSION);
    affinity.save(file);
    return route;
  }

  /** {@return the affinity of a process that has just begun} */
  private KeyAffinity<String> affinity(byte[] secret) {
    return KeyAffinity.<String>builder(Routing.TEXT)
        .environment(Environment.of(secret).withWallClock(wall))
        .table((session, environment) -> CompactStickyTable.of(session, 100, environment.clock()))
        .build();
  }

  private KeyAffinity<String> affinity(StickyTable table) {
    return QuotaScene.affinity(Quota.ofLive(10), table);
  }

  private static StickyRouter<String> router(KeyAffinity<String> affinity) {
    return StickyRouter.of(Routing.pool("a", "b", "c"), affinity);
  }

  private static CaffeineStickyTable cache() {
    return CaffeineStickyTable.of(StickySession.custom(), 10);
  }

  private static byte[] secret(int value) {
    byte[] secret = new byte[Environment.MIN_SECRET_BYTES];
    Arrays.fill(secret, (byte) value);
    return secret;
  }

  private static String notSaveable(Class<?> type) {
    return "table: " + type.getName() + " (expected: a SaveableTable)";
  }
}
