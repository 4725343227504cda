package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class DocumentTest {
  @TempDir
  Path folder;

  @Test
  void oneJdk_givesTheReviewedDocument() {
    assertThat(Fixtures.document(Fixtures.jdk17()).markdown())
        .isEqualTo(Fixtures.text("one-jdk.md"));
  }

  @Test
  void twoJdks_haveTheirRowsAndChartsInOneDocument() {
    Document document = Fixtures.document(Fixtures.jdk17(), Fixtures.jdk25(folder));

    assertThat(document.markdown()).isEqualTo(Fixtures.text("two-jdks.md"));
    assertThat(document.charts().keySet())
        .containsExactly(
            "TableLookup-jdk17.svg",
            "TableLookup-jdk25.svg",
            "Peer-jdk17.svg",
            "Peer-jdk25.svg",
            "Pick-jdk17.svg",
            "Pick-jdk25.svg");
  }

  @Test
  void everyChart_isWellFormedAndShownOnce() throws Exception {
    Document document = Fixtures.document(Fixtures.jdk17());

    for (var chart : document.charts().entrySet()) {
      String svg = chart.getValue().svg();
      var root = DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)))
          .getDocumentElement();
      assertThat(root.getTagName()).isEqualTo("svg");
      assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
      assertThat(document.markdown()).containsOnlyOnce("(performance/" + chart.getKey() + ")");
    }
  }

  @Test
  void chaptersWithoutResults_areLeftOut() {
    assertThat(Fixtures.document(folder).markdown())
        .startsWith("# Performance")
        .doesNotContain("## ");
  }
}
