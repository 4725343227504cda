package dev.limpet.benchmarks.report;

import java.nio.file.Path;

/** A file whose content is not as expected. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes a message of the form {@code file: what is wrong (expected: rule)}.
   *
   * @param file the file
   * @param found what is wrong
   * @param expected the rule
   */
  BadInput(Path file, String found, String expected) {
    super(file + ": " + found + " (expected: " + expected + ")");
  }
}
