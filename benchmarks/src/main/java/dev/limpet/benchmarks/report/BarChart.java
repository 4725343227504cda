package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Svg.Anchor;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Groups of horizontal bars, one below the other, that start at 0 and show their numbers.
 *
 * @param title the title
 * @param xName what the bars measure
 * @param series the names of a group's bars
 * @param groups the groups of bars
 */
record BarChart(String title, String xName, List<String> series, List<Group> groups) {
  private static final int WIDTH = 720;
  private static final int LEFT = 190;
  private static final int RIGHT = 520;
  private static final int TOP = 40;
  private static final int BAR = 14;
  private static final int GAP = 10;

  /**
   * Bars that belong together.
   *
   * @param name the name of the group
   * @param values one value per series; an empty value for a series without a measurement
   */
  record Group(String name, List<OptionalDouble> values) {}

  /** Returns the chart as an SVG document. */
  String svg() {
    int bottom = TOP + groups.size() * groupHeight();
    Svg svg = new Svg(title, WIDTH, bottom + 40);
    svg.gridLine(LEFT, TOP, LEFT, bottom);
    for (int i = 0; i < groups.size(); i++) {
      draw(svg, groups.get(i), TOP + i * groupHeight() + GAP / 2);
    }
    svg.text((LEFT + RIGHT) / 2.0, bottom + 24, Anchor.MIDDLE, xName);
    svg.legend(RIGHT + 80, TOP, series);
    return svg.document();
  }

  private void draw(Svg svg, Group group, int top) {
    svg.text(LEFT - 8, top + series.size() * BAR / 2.0 + 4, Anchor.END, group.name());
    for (int i = 0; i < group.values().size(); i++) {
      int y = top + i * BAR;
      String colour = Svg.colour(i);
      group.values().get(i).ifPresent(value -> {
        double length = (RIGHT - LEFT) * value / greatest();
        svg.bar(LEFT, y, length, BAR - 2, colour);
        svg.text(LEFT + length + 5, y + 10, Anchor.START, Numbers.shown(value));
      });
    }
  }

  private int groupHeight() {
    return series.size() * BAR + GAP;
  }

  private double greatest() {
    return groups.stream()
        .flatMap(group -> group.values().stream())
        .flatMapToDouble(OptionalDouble::stream)
        .filter(value -> value > 0)
        .max()
        .orElse(1);
  }
}
