package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir
  Path folder;

  @Test
  void after_returnsTheValueOfANameOrTheDefault() throws IOException {
    Path file = folder.resolve("facts");
    Files.writeString(file, "cores\t: 2\nmodel name\t: Abacus: 9\nNAME=\"Beads 1\"\n");

    assertThat(Machine.after(file, "model name", ':', "?")).isEqualTo("Abacus: 9");
    assertThat(Machine.after(file, "NAME", '=', "?")).isEqualTo("Beads 1");
    assertThat(Machine.after(file, "absent", '=', "?")).isEqualTo("?");
    assertThat(Machine.after(folder.resolve("none"), "NAME", '=', "?")).isEqualTo("?");
  }

  @Test
  void table_describesTheMachine() {
    assertThat(Machine.table())
        .contains("| processor | ", "| cores | ", "| memory | ", "| operating system | ")
        .contains(Runtime.version().toString());
  }
}
