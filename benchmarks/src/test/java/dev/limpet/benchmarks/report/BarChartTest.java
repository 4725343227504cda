package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarChartTest {

  @Test
  void longestBar_fillsTheWidthAndOthersAreInProportion() {
    String svg = new BarChart(
            "costs",
            "ns",
            List.of("a", "b", "c"),
            Map.of("x < y", List.of(50.0, 200.0, Double.NaN)))
        .svg();

    assertThat(svg)
        .contains("width=\"82.5\"", "width=\"330.0\"", ">200<", ">x &lt; y<", ">costs (ns)<");
    assertThat(svg.split("<rect x", -1)).hasSize(1 + 2 + 3);
  }

  @Test
  void chartWithoutNumbers_hasNoBars() {
    String svg = new BarChart("costs", "ns", List.of("a"), Map.of("x", List.of(Double.NaN))).svg();

    assertThat(svg.split("<rect x", -1)).hasSize(1 + 1);
  }
}
