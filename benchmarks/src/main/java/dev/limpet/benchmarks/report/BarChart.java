package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Groups of horizontal bars, one below the other, that start at 0 and show their numbers.
 *
 * @param title the title
 * @param unit the unit of the numbers
 * @param series the names of a group's bars
 * @param groups the numbers of each group by its name, one per series; NaN if not measured
 */
record BarChart(String title, String unit, List<String> series, Map<String, List<Double>> groups) {
  /*
   * The colours of Okabe and Ito, which are distinguishable with any colour vision; without yellow.
   */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000");

  private static final int LEFT = 190;
  private static final int LONGEST = 330;
  private static final int TOP = 40;
  private static final int BAR = 14;
  private static final int GAP = 10;

  /** Returns the chart as an SVG document. */
  String svg() {
    StringBuilder body = new StringBuilder();
    int y = TOP;
    for (Map.Entry<String, List<Double>> group : groups.entrySet()) {
      body.append(text(LEFT - 8, y + series.size() * BAR / 2 + 4, "end", group.getKey()));
      for (int i = 0; i < series.size(); i++, y += BAR) {
        body.append(bar(y, group.getValue().get(i), i));
      }
      y += GAP;
    }
    for (int i = 0; i < series.size(); i++) {
      body.append(rectangle(LEFT + LONGEST + 80, TOP + 20 * i, 12, colour(i)))
          .append(text(LEFT + LONGEST + 98, TOP + 10 + 20 * i, "start", series.get(i)));
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 %1$d" width="720" height="%1$d" \
        role="img" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        %2$s%3$s</svg>
        """.formatted(
            Math.max(y, TOP + 20 * series.size()), text(LEFT, 22, "start", heading()), body);
  }

  private String heading() {
    return title + " (" + unit + ")";
  }

  private String bar(int y, double value, int index) {
    double length = LONGEST * value / greatest();
    return Double.isNaN(value)
        ? ""
        : rectangle(LEFT, y, length, colour(index))
            + text(LEFT + length + 5, y + 10, "start", Numbers.shown(value));
  }

  private double greatest() {
    return groups.values().stream()
        .flatMap(List::stream)
        .filter(value -> value > 0)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(1);
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private static String rectangle(double x, double y, double width, String colour) {
    return String.format(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"12\" fill=\"%s\"/>\n",
        x,
        y,
        width,
        colour);
  }

  private static String text(double x, double y, String anchor, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
        x,
        y,
        anchor,
        escaped);
  }
}
