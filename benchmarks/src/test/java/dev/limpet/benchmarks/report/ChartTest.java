package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpet.benchmarks.report.BarChart.Group;
import dev.limpet.benchmarks.report.LineChart.Line;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void logAxis_placesEqualRatiosAtEqualDistances() {
    LogAxis axis = LogAxis.of(DoubleStream.of(33, 1408), 400, 0);

    assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1_000.0, 10_000.0);
    assertThat(axis.at(10)).isEqualTo(400);
    assertThat(axis.at(10_000)).isCloseTo(0, within(1e-9));
    assertThat(axis.at(20) - axis.at(40)).isCloseTo(axis.at(500) - axis.at(1_000), within(1e-9));
  }

  @Test
  void logAxis_hasRoomForOneValueAndForNone() {
    assertThat(LogAxis.of(DoubleStream.of(100), 0, 1).ticks()).containsExactly(100.0, 1_000.0);
    assertThat(LogAxis.of(DoubleStream.empty(), 0, 1).ticks()).containsExactly(1.0, 10.0);
  }

  @Test
  void lines_haveADotForEachPoint() {
    Line line = new Line("a < b & c", List.of(new double[] {1_000, 40}, new double[] {10_000, 90}));

    String svg = new LineChart("costs", "sessions", "ns", List.of(line)).svg();

    assertThat(svg.split("<circle", -1)).hasSize(3);
    assertThat(svg).contains("a &lt; b &amp; c").contains("<title>costs</title>");
  }

  @Test
  void longestBar_fillsTheWidthAndOthersAreInProportion() {
    Group group = new Group(
        "peer", List.of(OptionalDouble.of(50), OptionalDouble.of(200), OptionalDouble.empty()));

    String svg = new BarChart("costs", "ns", List.of("10", "100", "1,000"), List.of(group)).svg();

    assertThat(svg).contains("width=\"82.5\"").contains("width=\"330.0\"").contains(">200<");
    assertThat(svg.split("<rect x", -1)).hasSize(1 + 2 + 3);
  }
}
