package dev.limpet.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes {@code performance.md} and its charts from the results of one run or several.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.Report docs/internals results</pre>
 *
 * <p>A chapter without results is left out. Equal input gives equal output.
 */
public final class Report {

  private Report() {}

  /**
   * Writes the document.
   *
   * @param args the folder to write to, and a folder of results for each JDK
   */
  public static void main(String[] args) {
    Main.run(args, "FOLDER RESULTS…", 2, Integer.MAX_VALUE, () -> {
      Document document = new Document(
          Stream.of(args).skip(1).map(folder -> Run.read(Path.of(folder))).toList());
      write(document, Path.of(args[0]));
    });
  }

  private static void write(Document document, Path folder) {
    Path charts = folder.resolve(Document.FOLDER);
    try {
      Files.createDirectories(charts);
      Files.writeString(folder.resolve("performance.md"), document.markdown());
      for (Map.Entry<String, BarChart> chart : document.charts().entrySet()) {
        Files.writeString(charts.resolve(chart.getKey()), chart.getValue().svg());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": not writable (expected: a folder)", e);
    }
  }
}
