package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Svg.Anchor;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines over two logarithmic axes.
 *
 * @param title the title
 * @param xName the name of the horizontal axis
 * @param yName the name of the vertical axis
 * @param lines the lines
 */
record LineChart(String title, String xName, String yName, List<Line> lines) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 560;
  private static final int TOP = 40;
  private static final int BOTTOM = 370;

  /**
   * A line.
   *
   * @param name the name of the line
   * @param points positive x and y, by rising x
   */
  record Line(String name, List<double[]> points) {}

  /** Returns the chart as an SVG document. */
  String svg() {
    Svg svg = new Svg(title, WIDTH, HEIGHT);
    LogAxis x = LogAxis.of(values(0), LEFT, RIGHT);
    LogAxis y = LogAxis.of(values(1), BOTTOM, TOP);
    grid(svg, x, y);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, placed(lines.get(i), x, y), Svg.colour(i));
    }
    svg.legend(RIGHT + 16, TOP, lines.stream().map(Line::name).toList());
    return svg.document();
  }

  private void grid(Svg svg, LogAxis x, LogAxis y) {
    for (double tick : x.ticks()) {
      svg.gridLine(x.at(tick), TOP, x.at(tick), BOTTOM);
      svg.text(x.at(tick), BOTTOM + 16, Anchor.MIDDLE, tickName(tick));
    }
    for (double tick : y.ticks()) {
      svg.gridLine(LEFT, y.at(tick), RIGHT, y.at(tick));
      svg.text(LEFT - 8, y.at(tick) + 4, Anchor.END, tickName(tick));
    }
    svg.text((LEFT + RIGHT) / 2.0, BOTTOM + 38, Anchor.MIDDLE, xName);
    svg.upright(20, (TOP + BOTTOM) / 2.0, yName);
  }

  private static String tickName(double tick) {
    return Numbers.grouped(Numbers.exact(tick));
  }

  private static void draw(Svg svg, List<double[]> points, String colour) {
    svg.line(points, colour);
    points.forEach(point -> svg.dot(point[0], point[1], colour));
  }

  private static List<double[]> placed(Line line, LogAxis x, LogAxis y) {
    return line.points().stream()
        .map(p -> new double[] {x.at(p[0]), y.at(p[1])})
        .toList();
  }

  private DoubleStream values(int coordinate) {
    return lines.stream().flatMap(line -> line.points().stream()).mapToDouble(p -> p[coordinate]);
  }
}
