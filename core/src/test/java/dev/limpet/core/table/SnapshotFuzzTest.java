package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Environment;
import dev.limpet.core.ManualWall;
import dev.limpet.core.Routing;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of files of saved tables, restored into a table of 100 places in which one session is bound. */
class SnapshotFuzzTest {
  private static final Set<String> NAMES = Set.of("a", "b");
  private static final long PRESENT = 4;
  private static final Environment ENVIRONMENT =
      Routing.ENVIRONMENT.withWallClock(new ManualWall());

  private static CompactStickyTable present() {
    CompactStickyTable table =
        CompactStickyTable.of(SnapshotScene.SESSION, 100, new ManualClock(1));
    table.bind(PRESENT, null, "present", true);
    return table;
  }

  @FuzzTest
  void bytesAreRefused_orAreAFileThatWasWritten(byte[] file) {
    CompactStickyTable table = present();
    Restored restored = restored(table, file);
    if (restored == null) {
      assertThat(table.size()).isEqualTo(1);
      return;
    }
    assertThat(LongStream.rangeClosed(1, 10)
            .filter(key -> key != PRESENT)
            .mapToObj(table::peek)
            .filter(Objects::nonNull))
        .isSubsetOf(NAMES);
    assertThat(table.peek(PRESENT)).isEqualTo("present");
  }

  /** Without this, inputs that nobody finds, or that have another secret, would go unnoticed. */
  @ParameterizedTest
  @CsvSource({"none, 0, 0", "three, 3, 0", "full, 99, 1"})
  void inputs_areFilesThatWereWritten(String input, int bindings, int leftOut) throws IOException {
    try (InputStream in = SnapshotFuzzTest.class.getResourceAsStream(
        "SnapshotFuzzTestInputs/bytesAreRefused_orAreAFileThatWasWritten/" + input)) {
      assertThat(restored(present(), in.readAllBytes()))
          .isEqualTo(Restored.of(bindings, 0, leftOut));
    }
  }

  /** What only who has the secret can write. */
  @FuzzTest
  void signedBytesNeverBreakTheTable(byte[] content) {
    CompactStickyTable table = present();

    Restored restored = restored(table, signed(content));

    assertThat(table.peek(PRESENT)).isEqualTo("present");
    assertThat(table.size()).isEqualTo(1 + ((restored == null) ? 0 : restored.bindings()));
    assertThat(table.size()).isLessThanOrEqualTo(100);
    table.bind(PRESENT + 1, null, "late", true);
    assertThat(table.bindings("present")).hasValue(1);
  }

  static @Nullable Restored restored(CompactStickyTable table, byte[] file) {
    try {
      return table.restore(file, ENVIRONMENT);
    } catch (Refusal refusal) {
      assertThat(refusal.getMessage()).contains(" (expected: ");
      return null;
    }
  }

  private static byte[] signed(byte[] content) {
    byte[] file = Arrays.copyOf(content, content.length + SnapshotFormat.SIGNATURE);
    return ByteBuffer.wrap(file)
        .put(content.length, SnapshotFormat.signature(file, content.length, ENVIRONMENT))
        .array();
  }
}
