package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.benchmarks.report.Section.Figure;
import dev.limpet.benchmarks.report.Verdict.Answer;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PerformanceDocumentTest {
  private final PerformanceDocument document = PerformanceDocument.of(Fixtures.all());

  @Test
  void document_isTheOneThatWasReviewed() {
    assertThat(document.markdown()).isEqualTo(Fixtures.text("performance.md"));
  }

  @Test
  void everyPlot_isWellFormedAndShownOnce() throws Exception {
    assertThat(document.figures())
        .extracting(Figure::file)
        .containsExactly(
            "tablelookup-independent-jdk17.svg",
            "tablelookup-dependent-jdk17.svg",
            "peer-jdk17.svg",
            "pick-jdk17.svg",
            "memory.svg");
    for (Figure figure : document.figures()) {
      var root = DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(figure.svg())))
          .getDocumentElement();
      assertThat(root.getTagName()).isEqualTo("svg");
      assertThat(figure.svg()).doesNotContain("NaN").doesNotContain("Infinity");
      assertThat(document.markdown()).containsOnlyOnce("(performance/" + figure.file() + ")");
    }
  }

  @Test
  void equalInput_givesEqualOutput() {
    PerformanceDocument again = PerformanceDocument.of(Fixtures.all());

    assertThat(again.markdown()).isEqualTo(document.markdown());
    assertThat(again.figures()).isEqualTo(document.figures());
  }

  @Test
  void nothingMeasured_leavesEveryChapterOutWithASentence() {
    PerformanceDocument empty =
        PerformanceDocument.of(new Results(new Selection(List.of()), List.of()));

    assertThat(empty.figures()).isEmpty();
    assertThat(empty.sections())
        .filteredOn(section -> !section.title().equals("Targets"))
        .hasSizeGreaterThan(10)
        .allSatisfy(section -> assertThat(section.text()).startsWith("Left out: "));
    assertThat(PerformanceDocument.verdicts(new Results(new Selection(List.of()), List.of())))
        .isNotEmpty()
        .allMatch(verdict -> verdict.answer() == Answer.NOT_MEASURED);
  }

  @Test
  void otherJdk_isJudgedAndDrawnApart() {
    Measurement one = Fixtures.results("peer").jmh().all().get(0);
    Measurement other = new Measurement(
        new Measurement.Run("other", "25.0.3", 1, ""),
        one.benchmark(),
        one.method(),
        one.params(),
        one.nanos(),
        one.bytes());
    Results both = new Results(new Selection(List.of(one, other)), List.of());

    assertThat(PerformanceDocument.of(both).figures())
        .extracting(Figure::file)
        .containsExactly("peer-jdk17.svg", "peer-jdk25.svg");
    assertThat(PerformanceDocument.verdicts(both).map(Verdict::scope))
        .contains("17.0.15", "25.0.3");
  }
}
