package dev.limpet.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/** Parts of a Markdown document. */
final class Markdown {
  private Markdown() {}

  /**
   * Returns a table, or nothing if it has no rows.
   *
   * @param header the columns' names
   * @param rows the rows, each with one cell per column
   */
  static String table(List<String> header, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    String rule = "|" + "---|".repeat(header.size()) + '\n';
    return line(header) + rule + rows.stream().map(Markdown::line).collect(Collectors.joining());
  }

  static String image(String alt, String path) {
    return "![" + alt + "](" + path + ")\n";
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
