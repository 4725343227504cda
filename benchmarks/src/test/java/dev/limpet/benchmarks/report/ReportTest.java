package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir
  Path folder;

  @Test
  void report_writesTheDocumentAndItsCharts() {
    Report.main(new String[] {folder.toString(), Fixtures.jdk17().toString()});

    assertThat(folder.resolve("performance.md")).hasContent(Fixtures.text("one-jdk.md"));
    assertThat(folder.resolve("performance"))
        .isDirectoryContaining("glob:**/TableLookup-jdk17.svg")
        .isDirectoryContaining("glob:**/Pick-jdk17.svg");
  }
}
