package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.benchmarks.report.Results.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir
  Path folder;

  @Test
  void fact_standsBehindItsNameOrIsTheOtherText() throws IOException {
    Path file = folder.resolve("facts");
    Files.writeString(file, "cores\t: 2\nmodel name\t: Abacus: 9\nNAME=\"Beads 1\"\n");

    assertThat(Machine.after(file, "model name", ':', "?")).isEqualTo("Abacus: 9");
    assertThat(Machine.after(file, "NAME", '=', "?")).isEqualTo("Beads 1");
    assertThat(Machine.after(file, "absent", '=', "?")).isEqualTo("?");
    assertThat(Machine.after(folder.resolve("none"), "NAME", '=', "?")).isEqualTo("?");
  }

  @Test
  void machine_writesWhatTheDocumentReads() {
    Path file = folder.resolve("machine.json");

    Machine.main(new String[] {file.toString()});

    Results results = Results.read(List.of(file));
    assertThat(results.rows(Kind.MACHINE))
        .extracting(row -> row.at("what").text())
        .containsExactly("processor", "cores", "memory", "operating system", "JDK");
    assertThat(Chapters.machine(results).text()).contains("| JDK | ");
  }
}
