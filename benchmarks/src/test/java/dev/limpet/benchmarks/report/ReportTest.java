package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir
  Path folder;

  @Test
  void report_writesTheDocumentAndItsPlots() {
    Path docs = folder.resolve("docs");

    Report.main(new String[] {
      docs.toString(),
      Fixtures.file("lookup.json").toString(),
      Fixtures.file("memory.json").toString()
    });

    assertThat(docs.resolve("performance.md")).content().contains("# Performance");
    assertThat(docs.resolve("performance"))
        .isDirectoryContaining("glob:**/memory.svg")
        .isDirectoryContaining("glob:**/tablelookup-dependent-jdk17.svg");
  }
}
