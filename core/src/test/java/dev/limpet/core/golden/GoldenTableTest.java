package dev.limpet.core.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that an earlier version saved are restored, and each session ends when it did there. */
@ParameterizedClass
@MethodSource("dev.limpet.core.golden.GoldenFiles#versions")
class GoldenTableTest {
  private static final int VERSION_AT = 7;
  private static final String WEB1 = "web1";
  private static final String WEB2 = "web2@blue";
  private static final String WEB3 = "w\u00E9b 3";

  @TempDir
  private Path folder;

  private final String version;

  GoldenTableTest(String version) {
    this.version = version;
  }

  @Test
  void slidingSessions_endTwentyMinutesAfterTheirLastUse() throws IOException {
    GoldenTable golden = GoldenTable.startedAfter(GoldenTable.SLIDING, Duration.ofMinutes(25));

    assertThat(restore(golden, GoldenFiles.SLIDING)).isEqualTo(Restored.of(200, 50, 0));

    Map<Integer, String> young = names(201, 250, WEB3);
    Map<Integer, String> all = and(names(1, 50, WEB1), and(names(101, 200, WEB2), young));
    assertThat(golden.bindings()).isEqualTo(all);
    assertEnd(golden, Duration.ofMinutes(30), lag(20), all, young);
    assertEnd(golden, Duration.ofMinutes(39), lag(20), young, Map.of());
  }

  @Test
  void absoluteSessions_endTwentyMinutesAfterTheyBegan() throws IOException {
    GoldenTable golden = GoldenTable.startedAfter(GoldenTable.ABSOLUTE, Duration.ofMinutes(25));

    assertThat(restore(golden, GoldenFiles.ABSOLUTE)).isEqualTo(Restored.of(150, 100, 0));

    Map<Integer, String> young = names(201, 250, WEB3);
    Map<Integer, String> all = and(names(101, 200, WEB2), young);
    assertThat(golden.bindings()).isEqualTo(all);
    assertEnd(golden, Duration.ofMinutes(30), lag(20), all, young);
    assertEnd(golden, Duration.ofMinutes(39), lag(20), young, Map.of());
  }

  @Test
  void slidingSessionsWithAMaximum_endAtTheMaximum() throws IOException {
    GoldenTable golden = GoldenTable.startedAfter(GoldenTable.LIMITED, Duration.ofMinutes(21));

    assertThat(restore(golden, GoldenFiles.LIMITED)).isEqualTo(Restored.of(200, 50, 0));

    Map<Integer, String> young = and(names(101, 200, WEB2), names(201, 250, WEB3));
    Map<Integer, String> all = and(names(1, 50, WEB1), young);
    assertEnd(golden, Duration.ofMinutes(25), lag(25), all, young);
  }

  @Test
  void namesAreCounted_asTheyWereSaved() throws IOException {
    GoldenTable golden = GoldenTable.startedAfter(GoldenTable.SLIDING, GoldenTable.BEFORE_SAVE);

    assertThat(restore(golden, GoldenFiles.SLIDING)).isEqualTo(Restored.of(250, 0, 0));
    assertThat(golden.table.bindings()).isEqualTo(Map.of(WEB1, 100L, WEB2, 100L, WEB3, 50L));
  }

  @ParameterizedTest
  @ValueSource(strings = {GoldenFiles.SLIDING, GoldenFiles.ABSOLUTE, GoldenFiles.LIMITED})
  void fileWithAnotherByte_isRefused(String name) throws IOException {
    GoldenTable golden = GoldenTable.startedAfter(GoldenTable.SLIDING, GoldenTable.BEFORE_SAVE);
    byte[] file = GoldenFiles.bytes(version, name);
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= 1;
      assertThat(restore(golden, changed).refusal())
          .as("byte %d", at)
          .startsWith(at < 4 ? "magic number: " : at <= VERSION_AT ? "version: " : "signature: ");
    }
    assertThat(golden.table.size()).isZero();
  }

  @Test
  void fileOfTheNextFormat_isRefusedForItsVersion() throws IOException {
    GoldenTable golden = GoldenTable.startedAfter(GoldenTable.SLIDING, GoldenTable.BEFORE_SAVE);
    byte[] file = GoldenFiles.bytes(GoldenFiles.NEWEST, GoldenFiles.SLIDING);
    int next = ++file[VERSION_AT];

    assertThat(restore(golden, file).refusal())
        .isEqualTo("version: " + next + " (expected: " + (next - 1) + ")");
    assertThat(golden.table.size()).isZero();
  }

  private Restored restore(GoldenTable golden, String name) throws IOException {
    return restore(golden, GoldenFiles.bytes(version, name));
  }

  private Restored restore(GoldenTable golden, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("saved"), content);
    return golden.table.restore(file, golden.environment);
  }

  /** Bindings are never dropped early, and late by 1/32 of the time that ends them. */
  private static void assertEnd(
      GoldenTable golden,
      Duration end,
      Duration lag,
      Map<Integer, String> before,
      Map<Integer, String> after) {
    golden.passUntil(end.minusNanos(1));
    assertThat(golden.bindings()).as("before %s", end).isEqualTo(before);
    golden.passUntil(end.plus(lag));
    assertThat(golden.bindings()).as("after %s", end).isEqualTo(after);
  }

  private static Duration lag(int minutes) {
    return Duration.ofMinutes(minutes).dividedBy(32);
  }

  private static Map<Integer, String> names(int first, int last, String name) {
    Map<Integer, String> names = new TreeMap<>();
    for (int session = first; session <= last; session++) {
      names.put(session, name);
    }
    return names;
  }

  private static Map<Integer, String> and(Map<Integer, String> one, Map<Integer, String> other) {
    Map<Integer, String> both = new TreeMap<>(one);
    both.putAll(other);
    return both;
  }
}
