package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** Builds a drawing on a white background. Not safe for use by many threads. */
final class Svg {
  /*
   * The colours of Okabe and Ito, which are distinguishable with any colour vision; without yellow.
   */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000");

  private final StringBuilder body = new StringBuilder();
  private final String title;
  private final int width;
  private final int height;

  /** The position of a text relative to its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  Svg(String title, int width, int height) {
    this.title = title;
    this.width = width;
    this.height = height;
    text(width / 2.0, 22, Anchor.MIDDLE, title, "font-weight=\"bold\"");
  }

  static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  void text(double x, double y, Anchor anchor, String text) {
    text(x, y, anchor, text, "");
  }

  /** Writes a text that is read from bottom to top. */
  void upright(double x, double y, String text) {
    String turn = format("transform=\"rotate(-90 %.1f %.1f)\"", x, y);
    text(x, y, Anchor.MIDDLE, text, turn);
  }

  void gridLine(double x1, double y1, double x2, double y2) {
    body.append(format(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d0d0d0\"/>%n",
        x1, y1, x2, y2));
  }

  void bar(double x, double y, double width, double height, String colour) {
    body.append(format(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
        x, y, width, height, colour));
  }

  void dot(double x, double y, String colour) {
    body.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n", x, y, colour));
  }

  /** Draws a line through points, each given as x and y. */
  void line(List<double[]> points, String colour) {
    String way = String.join(
        " ", points.stream().map(p -> format("%.1f,%.1f", p[0], p[1])).toList());
    body.append(format(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", way, colour));
  }

  /** Writes names next to their colours, one below the other. */
  void legend(double x, double y, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      bar(x, y + 20 * i, 12, 12, colour(i));
      text(x + 18, y + 10 + 20 * i, Anchor.START, names.get(i));
    }
  }

  /** Returns the drawing as a document. */
  String document() {
    return format("""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        role="img" font-family="sans-serif" font-size="12">
        <title>%s</title>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        """, width, height, width, height, escaped(title)) + body + "</svg>\n";
  }

  private void text(double x, double y, Anchor anchor, String text, String attributes) {
    body.append(format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
        x, y, anchor.name().toLowerCase(Locale.ROOT), attributes, escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
  }
}
