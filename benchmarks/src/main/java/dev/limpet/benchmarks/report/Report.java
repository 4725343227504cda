package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Section.Figure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes {@code performance.md} and its plots from results.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.Report docs/internals results/*.json</pre>
 *
 * <p>The results are files of JMH ({@code -rf json}), of {@link MemoryReport}, {@link
 * OverflowReport} and the other programs that measure. Chapters without a file are left out. The
 * same input always gives the same output.
 */
public final class Report {
  private Report() {}

  /**
   * Writes the document.
   *
   * @param args the folder to write to, and the files with results
   */
  public static void main(String[] args) {
    Main.run(args, "FOLDER RESULTS…", 2, Integer.MAX_VALUE, () -> {
      List<Path> files = Stream.of(args).skip(1).map(Path::of).toList();
      write(PerformanceDocument.of(Results.read(files)), Path.of(args[0]));
    });
  }

  static void write(PerformanceDocument document, Path folder) {
    Path plots = folder.resolve(PerformanceDocument.FOLDER);
    try {
      Files.createDirectories(plots);
      Files.writeString(folder.resolve("performance.md"), document.markdown());
      for (Figure figure : document.figures()) {
        Files.writeString(plots.resolve(figure.file()), figure.svg());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written (expected: a folder)", e);
    }
  }
}
