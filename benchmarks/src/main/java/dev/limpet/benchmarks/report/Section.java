package dev.limpet.benchmarks.report;

import java.util.List;

/**
 * A chapter of the document.
 *
 * @param title its heading
 * @param text its text in Markdown
 * @param figures its plots, shown below the text
 */
record Section(String title, String text, List<Figure> figures) {

  /**
   * A plot.
   *
   * @param file the name of its file
   * @param alt the text for readers who cannot see it
   * @param svg the drawing
   */
  record Figure(String file, String alt, String svg) {}

  Section(String title, String text) {
    this(title, text, List.of());
  }

  /** Returns a chapter that says why it has no content. */
  static Section leftOut(String title, String what) {
    return new Section(title, "Left out: " + what + " was not measured in this run.\n");
  }

  /**
   * Returns the chapter in Markdown.
   *
   * @param folder the folder of the plots, relative to the document
   */
  String markdown(String folder) {
    StringBuilder markdown = new StringBuilder("## " + title + "\n\n" + text);
    for (Figure figure : figures) {
      markdown.append('\n').append(Markdown.image(figure.alt(), folder + '/' + figure.file()));
    }
    return markdown.toString();
  }
}
