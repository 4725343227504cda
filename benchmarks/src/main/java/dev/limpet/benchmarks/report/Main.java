package dev.limpet.benchmarks.report;

import java.io.UncheckedIOException;

/** Runs the programs of this package and determines their exit status. */
final class Main {

  private Main() {}

  /**
   * Runs a program. Exits with 2 and a reason in one line if its arguments or its files are not as
   * expected.
   *
   * @param args the arguments
   * @param usage the expected arguments
   * @param min the minimum number of arguments
   * @param max the maximum number of arguments
   * @param program the program
   */
  static void run(String[] args, String usage, int min, int max, Runnable program) {
    if (args.length < min || args.length > max) {
      end("arguments: " + args.length + " (expected: " + usage + ")");
    }
    try {
      program.run();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  private static void end(String reason) {
    System.err.println(reason);
    System.exit(2);
  }
}
