package dev.limpet.core.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes of different versions agree, so they can run side by side. */
class GoldenFilesTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @MethodSource("dev.limpet.core.golden.GoldenFiles#versions")
  void keysAndDerivedSecrets_areThoseOfEarlierVersions(String version) {
    assertThat(GoldenKeys.lines()).isEqualTo(GoldenFiles.lines(version, GoldenFiles.KEYS));
  }

  @ParameterizedTest
  @MethodSource("dev.limpet.core.golden.GoldenFiles#versions")
  void rendezvousChoices_areThoseOfEarlierVersions(String version) {
    assertThat(GoldenChoices.lines()).isEqualTo(GoldenFiles.lines(version, GoldenFiles.CHOICES));
  }

  @Test
  void whatIsWrittenNow_isWhatTheNewestFilesHave() throws IOException {
    GoldenFiles.make(folder);
    List<Path> made;
    try (var files = Files.list(folder)) {
      made = files.toList();
    }

    assertThat(made).hasSize(5);
    for (Path file : made) {
      assertThat(Files.readAllBytes(file))
          .as(file.getFileName().toString())
          .isEqualTo(GoldenFiles.bytes(GoldenFiles.NEWEST, file.getFileName().toString()));
    }
  }
}
