package dev.limpet.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One run of all benchmarks on one JDK.
 *
 * @param folder the folder with JMH's results, {@code *.json}, and the other programs' tables,
 *     {@code *.md}
 * @param results JMH's results
 */
record Run(Path folder, Results results) {

  /**
   * Reads the results of a folder.
   *
   * @throws IllegalArgumentException if a file is not as expected
   * @throws UncheckedIOException if a file cannot be read
   */
  static Run read(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Result> results = files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .flatMap(file -> Result.read(file).stream())
          .toList();
      return new Run(folder, new Results(results));
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": not readable (expected: a folder)", e);
    }
  }

  String jdk() {
    return String.join(", ", results.values(Result.JDK));
  }

  /** Returns the table that a program wrote to {@code name.md}, or "" if there is none. */
  String table(String name) {
    Path file = folder.resolve(name + ".md");
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": not readable (expected: a table)", e);
    }
  }
}
